import Analysis
import Reporting
import Statistics
import Support

extension ComparisonMaterial {
  /// What is asked of the methods, a column each: accuracy beside baseline and kd, and where a layer decides H1 to H3.
  private var asked: [(head: MarkdownText, title: String, name: String, answers: [Answer])] {
    let concepts = primary.flatMap { hypotheses.results[$0.name] }?.answers ?? []
    let plain = Recipe.plainMethod
    var columns: [(head: MarkdownText, title: String, name: String, answers: [Answer])] = [
      (
        "Test accuracy − baseline's, points", "accuracy − baseline's", "accuracy",
        accuracies.toBaseline.all
      ),
      (
        "Test accuracy − \(code: plain)'s, points", "accuracy − \(plain)'s", "accuracy beside \(plain)",
        accuracies.toPlain.all
      ),
    ]
    guard primary != nil else { return columns }
    columns += Hypothesis.allCases.map { hypothesis in
      let question = Question.hypothesis(hypothesis)
      return (
        "\(question.headed)", question.label, hypothesis.rawValue, concepts.filter { $0.question == question }
      )
    }
    return columns
  }

  /// The methods, the best first.
  private var rankedMethods: [String] { ranking.filter { $0 != RoleName.baseline } }

  /// What a reader sees first: what was found in a sentence, the answers, the same as a figure, and what they rest on.
  ///
  /// - Parameter strip: the figure of all verdicts.
  /// - Returns: in that order.
  func firstScreen(_ strip: [Block]) -> [Block] {
    let sizes = StudySizes(
      recipe: recipe, data: data, primary: primary, subject: "method", asked: asked.map { ($0.name, $0.answers) })
    return FirstScreen(
      sentence: openingSentence.text, questions: questionTable, strip: strip, sizes: sizes.block
    ).blocks
  }

  private var openingSentence: OpeningSentence {
    // A sentence names methods as rows do.
    func named(_ answers: [Answer]) -> [Answer] {
      answers.map {
        Answer(
          question: $0.question, student: title($0.student), judgement: $0.judgement, differences: $0.differences)
      }
    }
    let own = accuracies.toBaseline.all + asked.dropFirst(2).flatMap(\.answers)
    let students = rankedMethods.map { title($0) }
    let others = rankedMethods.filter { $0 != Recipe.plainMethod }.map { title($0) }
    let teacher = recipe.model(of: RoleName.teacher).name
    return OpeningSentence(
      [.init(named(own), of: students)]
        + (others.isEmpty
          ? [] : [.init(against: "plain \(code: Recipe.plainMethod)", named(accuracies.toPlain.all), of: others)]),
      subject:
        "On \(recipe.data.set), \(recipe.student.name.withArticle) taught by \(teacher.withArticle) in \(students.count) \(students.count == 1 ? "way" : "ways")",
      kind: "methods", seeds: recipe.seeds.count)
  }

  private var questionTable: ReportTable {
    let columns = asked
    let caption = QuestionCaption(
      subject: """
        Each method against the baseline, the same network trained on labels alone, and its accuracy against plain \
        \(code: Recipe.plainMethod)'s too; the most accurate first
        """, judged: "the methods of a column", seeds: recipe.seeds.count,
      place: primary.map { "at \(code: $0.layer)" })
    var table = ReportTable(
      [.init("Method")] + columns.map { .init($0.head) }, caption: caption.text, name: "questions")
    for role in rankedMethods {
      table.append(
        [name(role)]
          + columns.map { column in column.answers.first { $0.student == role }.map(\.worded) ?? "–" })
    }
    return table
  }

  /// The first figure of a report: questions that some method could be asked; empty where there is none.
  var stripPicture: [ReportPicture] {
    let columns = asked.filter { $0.answers.contains { VerdictStrip.place($0) != nil } }.map { column in
      VerdictStrip.Column(
        title: column.title,
        rows: rankedMethods.map { role in (title(role), column.answers.first { $0.student == role }) })
    }
    guard !columns.isEmpty else { return [] }
    return [
      ReportPicture(
        name: "verdicts", figure: VerdictStrip(columns) { $0.judgement.verdict.look }.figure,
        alternative: "Every method as a row, every question as a column: differences over their intervals' half-width",
        caption: """
          The verdicts on one scale, a column for each question, the most accurate method on top. A row is a method's \
          mean difference \(VerdictStrip.key)
          """)
    ]
  }
}
