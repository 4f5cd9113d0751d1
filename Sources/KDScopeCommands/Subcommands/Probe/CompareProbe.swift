import Analysis
import ArgumentParser
import Experiments
import Foundation
import Support

/// `kdscope probe compare`.
struct CompareProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare two checkpoints: answers, layers, weights.",
    discussion: """
      Prints agreement, KL(B || A) at temperatures 1, 2 and 4, McNemar's exact test of which one is more accurate, \
      whether both fail on the same images, the difference of each class's accuracy, how often they agree on mixtures \
      of two images, the CKA of every layer of A with every layer of B with its error, and how far apart tensors of \
      the same name are. Photos (--images) have no labels: what needs them is null. With --position: also which cells \
      of images each one's last stage keeps, and whether they are the same. With --out: also compare.png, \
      disagreements.png (pictures on which they differ), similarity.png, compare.csv, disagreements.csv, classes.csv, \
      similarity.csv, weights.csv, of maps entropy.png and entropy.csv, and compare.safetensors (logits) in that \
      folder, with --report a page, report.md, and with --html or --slide that and report.html or slide.html. With \
      --json: one object: "a", "b", "images", "agreement", "divergence", "kl" (temperature, value), "accuracy_a", \
      "accuracy_b", "difference", "only_a", "only_b", "mcnemar_p", "error_consistency" (kappa), \
      "both_wrong_alike", "boundary_agreement", "classes", "layers_a", "layers_b", "cka" (rows: layers of A), \
      "weights", "unmatched", "maps" (null unless asked for): "position", "layer_a", "layer_b", "images", "gap_a", \
      "gap_b", "gap_difference" (nats, background - object; null without masks), "correlation".
      """)

  @Argument(help: "The first checkpoint, such as a student. (default: none, with --logits)", completion: .file())
  var a: String?

  @Argument(
    help: "The second, such as its teacher: the reference of KL. (default: none, with --logits)", completion: .file())
  var b: String?

  @Option(
    name: .long,
    help: """
      Name of the networks, where the files do not give it; given twice, the second is B's. (default: the files')
      """)
  var model: [String] = []

  @Option(name: .customLong("model-b"), help: "Name of B's network, where it is another. (default: as --model)")
  var modelB: String?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      In place of checkpoints and images: two .safetensors or .npz files, each with logits [N, K] and labels [N]. \
      (default: none)
      """, valueName: "file"), completion: .file(extensions: ["safetensors", "npz"]))
  var logits: [String] = []

  @OptionGroup
  var images: ImageOptions

  @Option(name: .long, help: "Images on which layers are compared, at least 4.")
  var similarityImages = 512

  @Option(name: .long, help: "Rows of feature maps: flattened, or pooled over positions.")
  var features = FeatureGram.Rule.flattened

  @Option(
    name: .long,
    help: """
      Compare entropy maps too, without what a cell's place alone decides: background (the data set draws pictures \
      without an object), scrambled (pictures without phases, for photos), fit; or none of it. (default: no maps)
      """)
  var position: PositionCorrection?

  @Option(name: .long, help: "Images whose maps are compared, at least 2, with --position.")
  var mapImages = 16

  @OptionGroup
  var place: FolderOptions

  @Flag(name: .long, help: "Also write report.md into the folder. (default: no page)")
  var report = false

  @OptionGroup
  var pages: PageOptions

  @OptionGroup
  var reading: PairReadingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([
      ("--similarity-images", similarityImages, 4...8192), ("--map-images", mapImages, 2...100_000),
    ])
    guard model.count < 3, model.count < 2 || modelB == nil else {
      throw ValidationError("--model: names more than two networks; give it once, or once for each")
    }
    guard logits.isEmpty || logits.count == 2 else {
      let count = logits.count == 1 ? "is 1" : "are \(logits.count)"
      throw ValidationError("--logits: takes two files, and there \(count)")
    }
    for (flag, isSet) in [("--report", report), ("--html", pages.html), ("--slide", pages.slide)] where isSet {
      guard place.out != nil else { throw ValidationError("\(flag): needs a folder; add --out DIR") }
    }
  }

  func run() throws {
    let folder = try place.folder(pages)
    // The pages are forms of the report.
    let hasReport = report || pages.html || pages.slide
    let (comparison, maps, names) = try comparison()
    try folder?.write(
      ComparisonFiles(
        comparison, names[0], names[1], maps: maps, reportOf: hasReport ? CommandText.ofThisProgram : nil))
    let paths = comparison.pair.map { [$0.first.url.path, $0.second.url.path] } ?? names
    let page = ComparisonPage(comparison, maps, a: paths[0], b: paths[1])
    try output.print(page.document, text: page.text)
  }

  private func comparison() throws -> (NetworkComparison, MapComparison?, names: [String]) {
    if logits.count == 2 {
      guard a == nil else { throw InputError("--logits", "stands beside a checkpoint", remedy: "give one of them") }
      if images.images != nil { throw InputError("--images", "stands beside --logits", remedy: "give one of them") }
      if position != nil {
        throw InputError("--position", "stands beside --logits", remedy: "maps are of networks: name two checkpoints")
      }
      try images.question.requireNone(beside: "--logits")
      let answers = try logits.map { try LabelledAnswers(stored: $0) }
      return (try NetworkComparison(stored: answers[0], answers[1]), nil, logits)
    }
    guard let a, let b else {
      throw InputError("probe compare", "two checkpoints are needed", remedy: "name them, or add --logits FILE FILE")
    }
    let source = try images.source(for: "probe compare")
    let pair = try NetworkPair(
      (URL(fileURLWithPath: a), model.first), (URL(fileURLWithPath: b), modelB ?? model.last), keys: reading.keys.key,
      on: source)
    let asked = NetworkComparison.Question(
      similarityImages: similarityImages, rule: features, seed: images.question.seed)
    // First, since they may be refused.
    let maps = try position.map { try self.maps(of: pair, [a, b], without: $0) }
    return (try NetworkComparison(pair, asked, progress: images.question.progress), maps, [a, b])
  }

  /// By the defaults of `probe entropy`.
  private func maps(
    of pair: NetworkPair, _ names: [String], without position: PositionCorrection
  ) throws -> MapComparison {
    try MapComparison(
      pair, names,
      MapProbe.Question(
        layer: nil, count: mapImages, grid: 16, distortion: 0.1, iterations: 16, draws: 16, position: position),
      progress: images.question.progress)
  }
}
