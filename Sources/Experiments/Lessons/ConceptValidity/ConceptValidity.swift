import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// Is the instrument itself right? Trains networks on a label that one known part of the object carries, and asks
/// whether concept cells lie on that part.
///
/// Entropy maps and concepts as in Cheng et al., CVPR 2020, section 3; the question has not been asked there.
public final class ConceptValidity: Lesson {
  /// The networks that are compared; all of one seed share their first weights.
  enum Role: String, CaseIterable {
    case untrained
    case halfTrained = "half-trained"
    case trained
    /// Trained as long on the same images with permuted labels: its weights move, and there is nothing to find.
    case shuffled = "shuffled labels"
  }

  /// Cells along each side of a map.
  static let grid = 16
  /// Cells that the informative part, other parts and background must each have in a probe image.
  static let fewestCells = 4

  /// Name, question and options.
  public static let entry = CatalogEntry(
    "concept-validity", "Do concept cells lie on the part of an image that the label depends on?",
    paper: "the instrument: Cheng et al., Explaining Knowledge Distillation by Quantifying the Knowledge, CVPR 2020",
    options: [
      OptionDescription(
        "part", .choice(Part.allCases.filter { $0.variants != nil }.map(\.name)), default: .text("head"),
        "the part whose variant is the label"),
      OptionDescription("model", .choice(["resnet8", "resnet20"]), default: .text("resnet8"), "the network"),
      OptionDescription(
        "layers", .texts, default: .list(["layer2", "layer3"].map(OptionValue.text)),
        "layers that are measured; the last one is judged first"),
      OptionDescription("train", .integer(200...1_000_000), default: .number(4000), "training images"),
      OptionDescription("epochs", .integer(2...1000), default: .number(10), "passes over them"),
      OptionDescription("probe-images", .integer(4...10_000), default: .number(32), "development images with a map"),
      OptionDescription("close-up", .number(1...4), default: .number(2.5), "magnification about the part"),
      OptionDescription("clutter", .number(0...1), default: .number(0), "how many loose parts lie about"),
      OptionDescription("pose", .number(0...1), default: .number(0.2), "how much position, size and rotation vary"),
      OptionDescription(
        "distortion", .number(1e-4...10), default: .number(0.1), "tau, share of the feature's variance"),
      OptionDescription(
        "procedure", .choice(procedures), default: .text(AnalysisRecipe.Procedure.fixedDistortion.rawValue),
        "how the entropy is measured"),
    ])

  /// The procedures that can be asked for.
  static let procedures = [AnalysisRecipe.Procedure.fixedDistortion.rawValue]

  /// Fewer epochs and maps.
  public static let quick: [String: OptionValue] = [
    "epochs": .number(8), "probe-images": .number(12), "layers": .list([.text("layer3")]),
  ]

  /// Where the files go.
  public let folders: ExperimentFolders
  let options: Options
  let seeds: [Int]
  let progress: ProgressDisplay
  let part: Part
  let layers: [String]
  let settings: TrainingSettings
  private var loadedData: DataSplits?
  private(set) var times: StageTimes

  /// - Throws: ``InputError`` for a layer that the network does not have.
  public init(_ setup: LessonSetup) throws {
    options = setup.options
    seeds = setup.seeds
    progress = setup.progress
    folders = ExperimentFolders(
      root: setup.root, name: ConceptValidity.entry.name + (setup.isQuick ? "-quick" : ""))
    times = StageTimes.read(folders.times)
    progress.recall(times.paces ?? [:])
    part = Part.allCases.first { $0.name == setup.options.text("part") } ?? .head
    layers = setup.options.texts("layers")
    settings = TrainingSettings(
      epochs: options.integer("epochs"), batch: 32, rule: .adam,
      schedule: LearningRateSchedule(base: 0.003, shape: .cosine, warmUp: 1))
    guard !layers.isEmpty, Set(layers).count == layers.count else {
      throw InputError("--set layers", "layers names none, or one twice", remedy: "such as --set layers=[layer3]")
    }
    let network = try ModelCatalog.build(specification, seed: 0)
    for layer in layers {
      guard try network.probePoint(layer, at: "--set layers").output.rank == 3 else {
        throw InputError("--set layers", "'\(layer)' is no map", remedy: "take one of layer1, layer2, layer3")
      }
    }
  }

  /// What the networks are.
  var specification: ModelSpecification { ModelSpecification(options.text("model"), classes: Part.variantCount) }

  /// The layer that is judged first.
  var mainLayer: String { layers[layers.count - 1] }

  /// Expected share of right answers of a network that knows nothing.
  var chanceAccuracy: Double { 1 / Double(Part.variantCount) }

  /// The least development accuracy at which a network counts as having solved its task: midway from chance to all.
  var solvedAccuracy: Double { (1 + chanceAccuracy) / 2 }

  /// Everything that decides the weights, as text.
  var trainingText: String {
    let decisive = ["part", "model", "train", "epochs", "close-up", "clutter", "pose"]
    return decisive.map { "\($0)=\(options.values[$0].map(\.description) ?? "")" }.joined(separator: " ")
  }

  /// The images: the label is the variant of one part, and says nothing of other parts, object or texture.
  func data() throws -> DataSplits {
    if let loadedData { return loadedData }
    let entry = try DatasetCatalog.entry("part-shapes")
    let chosen: [String: OptionValue] = [
      "label": .text(part.name), "texture-correlation": .number(0), "clutter": .number(options.number("clutter")),
      "pose": .number(options.number("pose")), "close-up": .number(options.number("close-up")),
      "train": .number(options.number("train")), "development": .number(1000), "test": .number(1000),
    ]
    let data = try timed("data") {
      try DatasetCatalog.load("part-shapes", Options(chosen, for: entry, at: "lesson"), seed: 1)
    }
    loadedData = data
    return data
  }

  /// Notes how long a stage took.
  func timed<R>(_ stage: String, _ body: () throws -> R) rethrows -> R {
    let clock = ContinuousClock()
    let start = clock.now
    defer {
      times.add((clock.now - start) / .seconds(1), to: stage)
      // Before the run has a folder there is nothing to go on with later.
      times.paces = progress.knownPaces
      try? times.write(to: folders.times)
    }
    return try body()
  }

  /// Trains, measures and writes the report; networks and maps that are there already are not made again.
  public func run() throws -> URL {
    defer { progress.finish() }
    for folder in [folders.run, folders.report, folders.tables] { try Folders.requireWritable(folder) }
    _ = try probeImages()
    try Folders.create(folders.run)
    let lock = try FolderLock(folders.run.path, remedy: "wait for it, or choose another folder with --out")
    defer { withExtendedLifetime(lock) {} }
    try planProgress()
    let trainings = try train()
    try requireSolved(trainings)
    let material = try measure(trainings)
    progress.finish()
    return try write(material)
  }

  /// Writes tables, figures and the report, and gives its path.
  package func write(_ material: ValidityMaterial) throws -> URL { try ValidityReport(self, material).write() }
}
