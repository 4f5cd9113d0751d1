import Checkpoints
import Datasets
import Models
import Reporting
import Statistics
import Support

/// A question beside the concepts that a recipe asks of the networks of its run: `analysis: { NAME: { … } }`.
///
/// One file is a whole measurement: its settings, what it measures, its tables and its section of the report. One line in
/// ``MeasurementCatalog`` adds it to recipes, checks, runs, comparisons and reports. Settings are read by
/// ``entry``, and never decide whether a training can be gone on with.
protocol RunMeasurement {
  /// Its key below `analysis`, what it asks, its settings.
  static var entry: CatalogEntry { get }

  /// - Throws: ``InputError`` where settings do not fit the students' network.
  ///
  /// - Parameters:
  ///   - options: the settings.
  ///   - student: to ask for layers.
  ///   - place: where a setting stands, for error lines.
  init(_ options: Options, _ student: any Network, place: (String) -> String) throws

  /// Images that a network is shown for one checkpoint, for the time that is told.
  func images(of data: DataSplits) -> Int
  /// Measures one checkpoint; what it gives is kept beside it as long as weights, images and settings are the same.
  func measure(_ network: any Network, _ stage: MeasurementStage) throws -> [Double]
  /// Tables and section of all that was measured.
  func section(_ values: [MeasuredCheckpoint: [Double]], _ stage: MeasurementStage) -> ReportSection
}

/// One checkpoint that a measurement asks.
struct MeasuredCheckpoint: Hashable {
  let role: String
  let seed: Int
  /// In epochs that the recipe counts.
  let moment: Moment
}

/// The measurements that a recipe can ask for, each one line.
enum MeasurementCatalog {
  static let all: [any RunMeasurement.Type] = [LinearSeparability.self]

  static func named(_ name: String) -> (any RunMeasurement.Type)? { all.first { $0.entry.name == name } }
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
          "epoch-\(checkpoint.moment)", key: "\(wanted.name) 1 \(weights) \(images) \(settings)"
        ) {
          if !isFresh { progress.resume(after: Double(place) / Double(all.count)) }
          isFresh = true
          progress.update(Double(place) / Double(all.count)) { "checkpoint \(place + 1)/\(all.count)" }
          let network = try isTeacher ? teachers.trained() : RunFolder.network(at: file)
          network.freeze()
          return try measurement.measure(network, self)
        }
      }
    }
    if !isFresh { progress.skip() }
    return measurement.section(values, self)
  }

  /// What the progress display calls it.
  func name(of wanted: MeasurementRecipe) -> String { "measuring \(wanted.name)" }
}
