import Checkpoints
import Datasets
import Models
import Reporting
import Statistics
import Support

/// A question beside the concepts that a recipe asks of the networks of its run: `analysis: { NAME: { … } }`.
///
/// One file is a whole measurement: its settings, what it measures, and how the report speaks of it. One line in
/// ``MeasurementCatalog``, or its `add`, brings it into recipes, checks, runs, comparisons, tables and reports. Settings are
/// read by ``entry``, and never decide whether a training can be gone on with.
public protocol RunMeasurement: SendableMetatype {
  /// Its key below `analysis`, what it asks, its settings; the version is to be raised when its numbers change.
  static var entry: CatalogEntry { get }

  /// - Throws: ``InputError`` where settings do not fit the students' network.
  ///
  /// - Parameters:
  ///   - options: the settings.
  ///   - student: to ask for layers.
  ///   - place: where a setting stands, for error lines.
  init(_ options: Options, _ student: any Network, place: (String) -> String) throws

  /// What its numbers are.
  var numbers: MeasuredNumbers { get }
  /// Images that a network is shown for one checkpoint, for the time that is told.
  func images(of data: DataSplits) -> Int
  /// Measures one checkpoint; what it gives is kept beside it as long as weights, images, settings and version are the
  /// same.
  ///
  /// - Parameters:
  ///   - network: frozen.
  ///   - data: of the run.
  /// - Returns: a number for each of the items of ``numbers``; NaN where a network has none.
  /// - Throws: what ends the run.
  func measure(_ network: any Network, _ data: DataSplits) throws -> [Double]
}

/// The measurements that a recipe can ask for, each one line.
public enum MeasurementCatalog {
  static var all: [any RunMeasurement.Type] { [LinearSeparability.self] + additions.all }
  private static let additions = Additions<any RunMeasurement.Type>()

  /// Adds a measurement of one's own: from then on recipes, `recipe --keys` and reports know it.
  ///
  /// - Parameter measurement: its type.
  /// - Throws: ``InputError`` for a name that is a key of `analysis` already, or no name.
  public static func add(_ measurement: any RunMeasurement.Type) throws {
    let known = AnalysisKeys.entry.options.map(\.name) + ["published"] + all.map { $0.entry.name }
    try additions.add(measurement, listedAs: measurement.entry, besides: known, kind: "measurement")
  }

  static func named(_ name: String) -> (any RunMeasurement.Type)? { all.first { $0.entry.name == name } }
}

/// One checkpoint that a measurement asks.
struct MeasuredCheckpoint: Hashable {
  let role: String
  let seed: Int
  /// In epochs that the recipe counts.
  let moment: Moment
}

/// A measurement of a recipe with its settings.
public struct MeasurementRecipe: Codable, Sendable, Equatable {
  /// Name in the catalogue.
  public var name: String
  /// Its options, checked.
  public var options: Options
}

/// What a measurement finds in a run.
struct MeasurementStage: RunStage {
  let context: RunContext
  let teachers: Teachers

  /// All compared networks of every seed at the measured moments, and the teacher at its end.
  var comparedCheckpoints: [MeasuredCheckpoint] {
    let end = Moment(epoch: recipe.training.epochs)
    let teacher = recipe.asksTeacher ? [MeasuredCheckpoint(role: RoleName.teacher, seed: firstSeed, moment: end)] : []
    return teacher
      + comparedNetworks.flatMap { role, seed in
        recipe.measuredEpochs(.fixedDistortion).map { MeasuredCheckpoint(role: role, seed: seed, moment: $0) }
      }
  }

  /// A measurement with its settings; nil for a name that is not in the catalogue.
  private func measurement(_ wanted: MeasurementRecipe) throws -> (any RunMeasurement)? {
    guard let kind = MeasurementCatalog.named(wanted.name) else { return nil }
    let student = try ModelCatalog.build(specification(recipe.student), seed: 0)
    return try kind.init(wanted.options, student) { "analysis.\(wanted.name).\($0)" }
  }

  /// Images that networks are shown for all checkpoints of a measurement.
  func images(of wanted: MeasurementRecipe) throws -> Int {
    try (measurement(wanted)?.images(of: data()) ?? 0) * comparedCheckpoints.count
  }

  /// Measures all checkpoints as far as they are not there yet.
  func run(_ wanted: MeasurementRecipe) throws -> ReportSection? {
    guard let measurement = try measurement(wanted) else { return nil }
    let data = try data()
    let images =
      try context.trainingImagesKey() + AnswerStore.key(of: data.test, data.normalization)
    let settings = wanted.options.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
      separator: ", ")
    let version = type(of: measurement).entry.version
    let items = measurement.numbers.items.count
    var values: [MeasuredCheckpoint: [Double]] = [:]
    let all = comparedCheckpoints
    progress.begin(name(of: wanted))
    var isFresh = false
    for (place, checkpoint) in all.enumerated() {
      try Interrupt.check()
      let isTeacher = checkpoint.role == RoleName.teacher
      let folder = folders.training(checkpoint.role, seed: checkpoint.seed)
      let file =
        isTeacher ? teachers.file : folder.checkpoint(at: recipe.trainedMoment(checkpoint.moment, of: checkpoint.role))
      let weights = try isTeacher ? teachers.key() : AnswerStore.key(of: file)
      values[checkpoint] = try context.timed(wanted.name) {
        try context.answerStore(folder.url.appendingPathComponent(wanted.name)).document(
          "epoch-\(checkpoint.moment)", key: "\(wanted.name) \(version + 1) \(weights) \(images) \(settings)"
        ) {
          if !isFresh { progress.resume(after: Double(place) / Double(all.count)) }
          isFresh = true
          progress.update(Double(place) / Double(all.count)) { "checkpoint \(place + 1)/\(all.count)" }
          let network = try isTeacher ? teachers.trained() : RunFolder.network(at: file)
          network.freeze()
          let measured = try measurement.measure(network, data)
          precondition(
            measured.count == items, "\(wanted.name): \(measured.count) numbers are measured, and \(items) are named")
          return measured
        }
      }
    }
    if !isFresh { progress.skip() }
    return MeasurementSection(name: wanted.name, numbers: measurement.numbers, values: values, stage: self).section
  }

  /// What the progress display calls it.
  func name(of wanted: MeasurementRecipe) -> String { "measuring \(wanted.name)" }
}
