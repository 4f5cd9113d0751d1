import Analysis
import Datasets
import Statistics
import Support
import Training

/// What the report of a comparison is made from: the methods with their numbers over seeds, ranked.
struct ComparisonMaterial {
  let recipe: Recipe
  let studies: [LayerStudy]
  let results: ComparisonResults
  let data: DataSplits
  /// Every method against the baseline, Holm-corrected over the methods.
  let toBaseline: [String: AccuracyComparison]
  /// Every method but plain kd against it, Holm-corrected over them.
  let toPlain: [String: AccuracyComparison]
  /// The same on accuracy, judged like the hypotheses: what tables, figures and sentences say.
  let accuracies: (toBaseline: AccuracyAnswers, toPlain: AccuracyAnswers)
  /// Baseline and methods, the highest mean test accuracy first.
  let ranking: [String]
  /// The hypotheses against the baseline.
  let hypotheses: HypothesisMaterial
  private let values: [ComparedQuantity: [String: [Int: Double]]]

  init(recipe: Recipe, studies: [LayerStudy], results: ComparisonResults, data: DataSplits) {
    self.recipe = recipe
    self.studies = studies
    self.results = results
    self.data = data
    let students = recipe.students.map(\.name)
    func right(_ role: String) -> [Int: [Bool]] {
      results.tests.filter { $0.role == role }.reduce(into: [:]) { $0[$1.seed] = $1.predictions.isRight }
    }
    func comparisons(_ students: [String], _ other: String) -> [String: AccuracyComparison] {
      AccuracyComparison.all(students: students.map { (name: $0, right: right($0)) }, baseline: right(other))
        .reduce(into: [:]) { $0[$1.student] = $1 }
    }
    let others = students.filter { $0 != Recipe.plainMethod }
    toBaseline = comparisons(students, RoleName.baseline)
    toPlain = comparisons(others, Recipe.plainMethod)
    accuracies = (
      AccuracyAnswers(students, against: RoleName.baseline, seeds: recipe.seeds, results.tests),
      AccuracyAnswers(others, against: Recipe.plainMethod, seeds: recipe.seeds, results.tests)
    )
    values = Self.values(results) { role in recipe.students.first { $0.name == role }?.preparationEpochs ?? 0 }
    let accuracies = values[.accuracy] ?? [:]
    let means = accuracies.mapValues { mean(of: Array($0.values)) ?? 0 }
    // Equal means stay in the order of the recipe.
    ranking = ([RoleName.baseline] + students).enumerated()
      .sorted { (-(means[$0.element] ?? 0), $0.offset) < (-(means[$1.element] ?? 0), $1.offset) }.map(\.element)
    hypotheses = HypothesisMaterial(recipe, studies, results.tests)
  }

  /// One value per network that has one; times are those of the joint training.
  private static func values(_ results: ComparisonResults, epochsBefore: (String) -> Int)
    -> [ComparedQuantity: [String: [Int: Double]]]
  {
    var values: [ComparedQuantity: [String: [Int: Double]]] = [:]
    func note(_ quantity: ComparedQuantity, _ role: String, _ seed: Int, _ value: Double?) {
      if let value { values[quantity, default: [:]][role, default: [:]][seed] = value }
    }
    for test in results.tests {
      note(.accuracy, test.role, test.seed, test.accuracy)
      note(.agreement, test.role, test.seed, test.agreement)
      note(.divergence, test.role, test.seed, test.divergence)
      note(.calibrationError, test.role, test.seed, test.calibration.expectedError)
      note(.loss, test.role, test.seed, test.loss)
    }
    for best in results.best { note(.bestAccuracy, best.role, best.seed, best.testAccuracy) }
    for (role, seed, history) in results.histories where role != RoleName.teacher {
      note(.seconds, role, seed, history.medianSeconds(after: epochsBefore(role)))
      note(.peakBytes, role, seed, history.epochs.compactMap(\.peakBytes).max().map(Double.init))
    }
    for (role, seconds) in values[.seconds] ?? [:] {
      for (seed, own) in seconds {
        let plain = values[.seconds]?[Recipe.plainMethod]?[seed]
        note(.relativeTime, role, seed, plain.map { own / max(1e-9, $0) })
      }
    }
    return values
  }

  /// What may be said of a method's accuracy beside kd's.
  func verdictToPlain(_ role: String) -> AccuracyComparison.Verdict? { accuracies.toPlain[role].map(Self.words) }

  /// A verdict on accuracy in the words of a ranking.
  static func words(_ answer: Answer) -> AccuracyComparison.Verdict {
    switch answer.judgement.verdict {
    case .supported: .better
    case .contradicted: .worse
    case .inconclusive, .notTestable: .noDifferenceShown
    }
  }

  /// The value of one network; nil where there is none.
  func value(_ quantity: ComparedQuantity, _ role: String, seed: Int) -> Double? { values[quantity]?[role]?[seed] }

  /// Mean over seeds with Student's t interval.
  func estimate(_ quantity: ComparedQuantity, _ role: String) -> Estimate? {
    studentInterval(
      of: recipe.seeds.compactMap { value(quantity, role, seed: $0) }, over: "seeds", within: quantity.range)
  }

  /// The teacher's result on the test split.
  var teacher: TestResult? { results.tests.first { $0.role == RoleName.teacher } }

  /// What a row is called: its methods with what differs from their defaults.
  func title(_ role: String) -> String {
    recipe.students.first { $0.name == role }?.comparedTitle ?? role
  }
}

extension TrainingHistory {
  /// Median over the epochs behind some of the time of their steps; nil without epochs.
  fileprivate func medianSeconds(after count: Int) -> Double? {
    let seconds = epochs.dropFirst(count).map(\.seconds).sorted()
    return seconds.isEmpty ? nil : seconds[seconds.count / 2]
  }
}
