import Reporting
import Statistics

/// What was found, how sure it is and on what, in one sentence for people who have read nothing else.
///
/// Only a verdict makes a statement: what is not decided is said to be open, whatever the sign of the mean.
package struct OpeningSentence {
  /// Students up to whose number each is named.
  private static let mostNames = 3

  /// Answers about students that are held against one network.
  package struct Comparison {
    let reference: MarkdownText
    let answers: [Answer]
    let students: [String]

    /// - Parameters:
    ///   - reference: what they are held against, behind "against".
    ///   - answers: to all questions that were asked.
    ///   - students: in their order.
    package init(
      against reference: MarkdownText = "the same network trained on labels alone", _ answers: [Answer],
      of students: [String]
    ) {
      self.reference = reference
      self.answers = answers
      self.students = students
    }
  }

  private let comparisons: [Comparison]
  private let subject: MarkdownText
  private let kind: String
  private let seeds: Int

  /// - Parameters:
  ///   - comparisons: in the order of the sentence.
  ///   - subject: who taught whom on what, before the comma: "On garments, a resnet8 taught by a resnet20".
  ///   - kind: what several of those are called that the answers are about.
  ///   - seeds: how many.
  package init(_ comparisons: [Comparison], subject: MarkdownText, kind: String = "students", seeds: Int) {
    self.comparisons = comparisons
    self.subject = subject
    self.kind = kind
    self.seeds = seeds
  }

  package var text: MarkdownText {
    let isAlone = Set(comparisons.flatMap(\.students)).count == 1
    let parts = comparisons.map { comparison in
      let clauses = OpeningClauses(comparison, isAlone: isAlone, kind: kind, mostNames: Self.mostNames).all
      return "against \(comparison.reference.markdown): \(clauses.map(\.markdown).joined(separator: "; "))"
    }
    return "\(subject), \(MarkdownText(markdown: parts.joined(separator: "; "))) (\(certainty))."
  }

  /// What the numbers rest on.
  private var certainty: MarkdownText {
    guard seeds > 1 else { return "one seed, which decides nothing" }
    let few = seeds < PairedClaim.fewestSeeds ? ", too few to decide anything" : ""
    guard few.isEmpty else { return "means over \(seeds) seeds\(few)" }
    return "means over \(seeds) seeds, ± the half-width of a 95 % interval"
  }
}

extension ReportMaterial {
  /// The report's first sentence.
  var openingSentence: OpeningSentence {
    let student = recipe.student.name
    let names = students.map { title($0) }
    let who: MarkdownText =
      students.count == 1
      ? "\(student.withArticle)\(teacherName.map { " taught by \($0.withArticle)" } ?? "") (\(names[0]))"
      : "\(students.count) students (\(student))\(teacherName.map { " taught by \($0.withArticle)" } ?? "")"
    return OpeningSentence(
      [.init(answers, of: students)], subject: "On \(recipe.data.set), \(who)", seeds: recipe.seeds.count)
  }
}
