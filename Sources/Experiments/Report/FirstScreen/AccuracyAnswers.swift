import Analysis
import Statistics

/// Test accuracies of students against those of a reference, judged like the hypotheses: paired by seed, Holm-corrected
/// for all students.
struct AccuracyAnswers {
  /// One for each student, in their order; without seeds that both have, one that is not testable.
  let all: [Answer]

  /// - Parameters:
  ///   - students: names.
  ///   - reference: role of the network that they are held against.
  ///   - seeds: of the trainings.
  ///   - tests: what the networks do on the test split.
  init(_ students: [String], against reference: String, seeds: [Int], _ tests: [TestResult]) {
    func accuracy(_ role: String, _ seed: Int) -> Double? {
      tests.first { $0.role == role && $0.seed == seed }?.accuracy
    }
    let differences = students.map { student in
      seeds.compactMap { seed in
        accuracy(student, seed).flatMap { own in accuracy(reference, seed).map { own - $0 } }
      }
    }
    let judgements = PairedClaim.judged(
      zip(students, differences).map { PairedClaim($0, differences: $1, side: .larger) })
    all = zip(zip(students, differences), judgements).map { entry, judgement in
      Answer(question: .accuracy, student: entry.0, judgement: judgement, differences: entry.1)
    }
  }

  /// The answer about one student.
  subscript(student: String) -> Answer? { all.first { $0.student == student } }
}

extension [HypothesisResult] {
  /// The same as answers.
  var answers: [Answer] {
    map { result in
      Answer(
        question: .hypothesis(result.hypothesis), student: result.student, judgement: result.judgement,
        differences: result.pairs.map(\.difference))
    }
  }
}
