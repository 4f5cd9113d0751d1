import Analysis
import Datasets
import Plotting
import Statistics
import Support

/// What a report is made from: the recipe, everything measured, and the pictures that were measured.
struct ReportMaterial {
  let recipe: Recipe
  let studies: [LayerStudy]
  let results: RunResults
  let data: DataSplits
  /// The results on H1 to H3 by layer, at fixed distortion; the first layer's decide.
  private let hypothesisResults: [String: [HypothesisResult]]
  /// What is compared beside them.
  private let sideComparisons: [String: [SideComparison]]
  /// The paper's quantities, student against baseline, by layer: each is thousands of resamples.
  private let publishedComparisons: [String: [PublishedComparison]]
  /// Every student's test accuracy against the baseline's, judged like the hypotheses.
  let accuracyAnswers: AccuracyAnswers
  /// Counts over epochs, and over the threshold at the last epoch, by layer: tables and figures share them.
  private let curves: [String: (epochs: Table, thresholds: Table)]
  /// Every student's test accuracy against the baseline's.
  let comparisons: [AccuracyComparison]

  /// Judges the hypotheses, once for the whole report.
  init(recipe: Recipe, studies: [LayerStudy], results: RunResults, data: DataSplits) {
    self.recipe = recipe
    self.studies = studies
    self.results = results
    self.data = data
    func right(_ role: String) -> [Int: [Bool]] {
      results.tests.filter { $0.role == role }.reduce(into: [:]) { $0[$1.seed] = $1.predictions.isRight }
    }
    comparisons = AccuracyComparison.all(
      students: recipe.students.map { (name: $0.name, right: right($0.name)) }, baseline: right(RoleName.baseline))
    curves = studies.reduce(into: [:]) { curves, layer in
      curves[layer.name] = (layer.counted.curveTable, layer.counted.thresholdTable())
    }
    accuracyAnswers = AccuracyAnswers(
      recipe.students.map(\.name), against: RoleName.baseline, seeds: recipe.seeds, results.tests)
    let judged = HypothesisMaterial(recipe, studies, results.tests)
    hypothesisResults = judged.results
    sideComparisons = judged.sides
    publishedComparisons = judged.published
  }

  /// The students' names, in the recipe's order.
  var students: [String] { recipe.students.map(\.name) }
  /// Baseline and students.
  var studentRoles: [String] { [RoleName.baseline] + students }
  /// Teacher where there is one, baseline and students.
  var roles: [String] { (recipe.asksTeacher ? [RoleName.teacher] : []) + studentRoles }

  /// The threshold at which single numbers are given: the study's value nearest to the paper's 0.2 nats.
  func mainThreshold(of layer: LayerStudy) -> Double {
    layer.study.thresholds.min { abs($0 - 0.2) < abs($1 - 0.2) } ?? 0.2
  }

  /// Whether there is more to tell apart than layers: the published procedure was carried out.
  var comparesProcedures: Bool { recipe.analysis.procedures.contains(.published) }

  /// Colour, dash and marker of a role, the same in all figures.
  func look(_ role: String) -> Look {
    switch role {
    case RoleName.teacher: RoleLook.teacher
    case RoleName.baseline: RoleLook.baseline
    default: RoleLook.student(students.firstIndex(of: role) ?? 0)
    }
  }

  /// What a role is called in figures and tables.
  func title(_ role: String) -> String {
    guard let student = recipe.students.first(where: { $0.name == role }) else { return role }
    let by = student.lesson.map { lesson in
      let epoch = lesson.epoch.map { ", epoch \($0)" } ?? ""
      return " from \(lesson.by ?? "the teacher")\(epoch)"
    }
    let methods = student.terms.map(\.method).joined(separator: " + ") + (by ?? "")
    return role == methods || role == "student" ? "student (\(methods))" : "student: \(role) (\(methods))"
  }

  /// Mean over seeds of something that each test result has, with Student's t interval.
  ///
  /// - Parameters:
  ///   - role: which networks.
  ///   - range: where the quantity can lie.
  ///   - value: of one network.
  /// - Returns: nil where no network has it.
  func overSeeds(
    _ role: String, within range: ClosedRange<Double> = QuantityRange.unbounded, _ value: (TestResult) -> Double?
  ) -> Estimate? {
    studentInterval(of: results.tests.filter { $0.role == role }.compactMap(value), over: "seeds", within: range)
  }

  /// Counts over epochs: columns ``ConceptTables/curveColumns``.
  func epochCurves(_ layer: LayerStudy) -> Table { curves[layer.name]?.epochs ?? Table(ConceptTables.curveColumns) }

  /// Counts over the threshold: columns ``ConceptTables/thresholdColumns``.
  func thresholdCurves(_ layer: LayerStudy) -> Table {
    curves[layer.name]?.thresholds ?? Table(ConceptTables.thresholdColumns)
  }

  /// The results on H1 to H3 of one layer, hypothesis by hypothesis and student by student.
  func judged(_ layer: LayerStudy) -> [HypothesisResult] { hypothesisResults[layer.name] ?? [] }

  /// The result on one hypothesis.
  func result(_ hypothesis: Hypothesis, _ student: String, at layer: LayerStudy) -> HypothesisResult? {
    judged(layer).first { $0.hypothesis == hypothesis && $0.student == student }
  }

  /// What is compared beside the primary quantities of one layer.
  func sides(_ layer: LayerStudy) -> [SideComparison] { sideComparisons[layer.name] ?? [] }

  /// The paper's quantities at one layer, by the published procedure.
  func published(_ layer: LayerStudy) -> [PublishedComparison] { publishedComparisons[layer.name] ?? [] }
}
