import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// Is the instrument itself right? Two networks learn from the same pictures, one the shape of a part A, the other that
/// of a part B, and the maps of each are asked for both parts: a double dissociation.
///
/// An untrained network is no control here: which parts its features answer to is a lottery over colours. Entropy maps
/// as in Cheng et al., CVPR 2020, section 3, without position; the question has not been asked there.
public final class ConceptValidity: Lesson {
  /// Cells along each side of a map.
  static let grid = 16
  /// Cells that each of the parts must have in a probe image.
  static let fewestCells = 4
  /// The least development accuracy at which a network counts as having learned its part.
  static let solvedAccuracy = 0.95

  /// Name, question and options.
  public static let entry = CatalogEntry(
    "concept-validity", "Do entropy maps find the part of a picture that a network uses?",
    paper: "the instrument: Cheng et al., Explaining Knowledge Distillation by Quantifying the Knowledge, CVPR 2020",
    options: [
      levels.option, model.option, layers.option, train.option, epochs.option, probeImages.option,
      positionImages.option, distortion.option, settings.option,
    ])
  /// The networks.
  enum Model: String, OptionChoice { case resnet8, resnet20 }
  /// In which ways the first level is measured.
  enum Ways: String, OptionChoice { case all, main }
  private static let levels = OptionKey.texts(
    "levels", default: PartsLevel.allCases.map(\.rawValue),
    "what is shown, from easy to hard: \(PartsLevel.allCases.map(\.rawValue).joined(separator: ", "))")
  static let model = OptionKey.choice("model", default: Model.resnet8, "the networks")
  private static let layers = OptionKey.texts(
    "layers", default: ["layer2", "layer3"], "layers that are measured; the last one is judged")
  static let train = OptionKey.integer("train", 200...1_000_000, default: 3000, "training images")
  private static let epochs = OptionKey.integer(
    "epochs", 2...1000, default: 4, "passes over them; part-shapes takes three times as many")
  static let probeImages = OptionKey.integer("probe-images", 2...10_000, default: 8, "development images with a map")
  static let positionImages = OptionKey.integer(
    "position-images", 2...10_000, default: 12, "pictures without a part, for the position")
  static let distortion = OptionKey.number(
    "distortion", 1e-4...10, default: 0.1, "tau, share of the feature's variance")
  private static let settings = OptionKey.choice(
    "settings", default: Ways.all,
    "whether the first level is measured in other ways too: tau, grid, before the ReLU, as published")

  /// What a level changes in the options' defaults, which are those of ten minutes.
  static func defaults(at level: LessonLevel) -> [String: OptionValue] {
    switch level {
    case .two:
      [
        "levels": .list([.text(PartsLevel.twoColours.rawValue)]), "layers": .list([.text("layer3")]),
        "settings": .text("main"),
      ]
    case .ten: [:]
    case .long:
      ["train": .number(10_000), "epochs": .number(6), "probe-images": .number(32), "position-images": .number(32)]
    }
  }

  /// Seeds of a level; fewer than verdicts need show and do not judge.
  static func defaultSeeds(at level: LessonLevel) -> Int { level.choose(2, DissociationStudy.fewestSeeds, 8) }

  /// Where the files go.
  public let folders: ExperimentFolders
  let options: Options
  let level: LessonLevel
  let seeds: [Int]
  private let threads: Int?
  let progress: ProgressDisplay
  let levels: [PartsLevel]
  let layers: [String]
  private var loaded: [PartsLevel: PartsPictures] = [:]
  private(set) var times: StageTimes

  /// - Throws: ``InputError`` for an unknown option, value, level, or a layer that the network does not have.
  public init(_ setup: LessonSetup) throws {
    options = try Self.options(setup)
    level = setup.level
    seeds = setup.seeds ?? Array(1...Self.defaultSeeds(at: setup.level))
    progress = setup.progress
    threads = setup.threads
    folders = ExperimentFolders(root: setup.root, name: setup.folderName(Self.entry.name))
    times = StageTimes.read(folders.times)
    progress.recall(times.paces ?? [:])
    layers = options[Self.layers]
    levels = try options[Self.levels].map { name in
      guard let level = PartsLevel(rawValue: name) else {
        throw InputError(
          "--set levels", "there is no level '\(name)'", remedy: nearest(name, in: PartsLevel.allCases.map(\.rawValue)))
      }
      return level
    }
    for (key, names) in [("layers", layers), ("levels", levels.map(\.rawValue))] {
      guard !names.isEmpty, Set(names).count == names.count else {
        throw InputError("--set \(key)", "\(key) names none, or one twice", remedy: "name each once")
      }
    }
    let network = try ModelCatalog.build(specification(size: 32), seed: 0)
    for layer in layers {
      guard try network.probePoint(layer, at: "--set layers").output.rank == 3 else {
        throw InputError("--set layers", "'\(layer)' is no map", remedy: "take one of layer1, layer2, layer3")
      }
    }
  }

  /// The options of a level with what is changed in them.
  private static func options(_ setup: LessonSetup) throws -> Options {
    var values = defaults(at: setup.level)
    for assignment in setup.assignments {
      let override = try Override(assignment)
      let key = override.path.joined(separator: ".")
      guard let option = entry.options.first(where: { $0.name == key }) else {
        throw InputError(
          "--set \(key)", "'\(key)' is no option of \(entry.name)", remedy: nearest(key, in: entry.options.map(\.name)))
      }
      values[key] = try override.value.optionValue(option.kind, of: key)
      _ = try Options([key: values[key] ?? .text("")], for: entry, at: "--set \(key)")
    }
    return try Options(values, for: entry, at: "lesson \(entry.name)")
  }

  /// Its options, a line each.
  public var plan: String {
    Self.entry.options.map { option in
      "\(option.name)=\(options.values[option.name].map(\.description) ?? "")  # \(option.summary)\n"
    }.joined()
  }

  /// What the networks are, for pictures of a size.
  func specification(size: Int) -> ModelSpecification {
    ModelSpecification(options[Self.model].rawValue, classes: Part.variantCount, height: size, width: size)
  }

  /// How the networks of a level are trained.
  func training(at level: PartsLevel) -> TrainingSettings {
    TrainingSettings(
      epochs: options[Self.epochs] * level.effort, batch: 32, rule: .adam,
      schedule: LearningRateSchedule(base: 0.003, shape: .cosine, warmUp: 1))
  }

  /// The layer that is judged.
  var mainLayer: String { layers[layers.count - 1] }

  /// Whether the first level is measured in other ways, too.
  var hasVariants: Bool { options[Self.settings] == .all }

  /// Expected share of right answers of a network that knows nothing.
  var chanceAccuracy: Double { 1 / Double(Part.variantCount) }

  /// Everything that decides the weights of a level's networks, as text.
  func trainingText(_ level: PartsLevel) -> String {
    (["model", "train", "epochs"].map { "\($0)=\(options.values[$0].map(\.description) ?? "")" } + [level.rawValue])
      .joined(separator: " ")
  }

  /// The pictures of a level, made once.
  func pictures(_ level: PartsLevel) throws -> PartsPictures {
    if let pictures = loaded[level] { return pictures }
    let pictures = timed("data") { PartsPictures(level, train: options[Self.train]) }
    loaded[level] = pictures
    return pictures
  }

  /// Notes how long a stage took.
  func timed<R>(_ stage: String, _ body: () throws -> R) rethrows -> R {
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      times.add((clock.now - start) / .seconds(1), to: stage)
      times.paces = progress.knownPaces
      // Before the run has a folder there is nothing to go on with later.
      try? times.write(to: folders.times)
    }
    return try body()
  }

  /// Trains, measures and writes the report; networks and maps that are there already are not made again.
  public func run() throws -> URL {
    defer { progress.finish() }
    if let threads { Threads.use(threads) }
    for folder in [folders.run, folders.report, folders.tables] { try Folders.requireWritable(folder) }
    try Folders.create(folders.run)
    let lock = try FolderLock(folders.run.path, remedy: "wait for it, or choose another folder with --out")
    defer { withExtendedLifetime(lock) {} }
    try planProgress()
    let material = try measure(train())
    progress.finish()
    return try write(material)
  }

  /// Writes tables, figures and the report, and gives its path.
  package func write(_ material: ValidityMaterial) throws -> URL { try ValidityReport(self, material).write() }
}
