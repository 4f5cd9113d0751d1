import Analysis
import ArgumentParser
import Experiments
import Foundation

/// `kdscope probe compare`.
struct CompareProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare two checkpoints: answers, layers, weights.",
    discussion: """
      Prints agreement, KL(B || A), McNemar's exact test of which one is more accurate, the difference of each class's \
      accuracy, the CKA of every layer of A with every layer of B with its error, and how far apart tensors of the same \
      name are. With --out: also similarity.png and similarity.csv, classes.csv, weights.csv in that folder. With \
      --json: one object: "a", "b", "images", "agreement", "divergence", "accuracy_a", "accuracy_b", "difference", \
      "only_a", "only_b", "mcnemar_p", "classes", "layers_a", "layers_b", "cka" (rows: layers of A), "weights", \
      "unmatched".
      """)

  @Argument(help: "The first checkpoint, such as a student.", completion: .file())
  var a: String

  @Argument(help: "The second, such as its teacher: the reference of KL.", completion: .file())
  var b: String

  @Option(name: .long, help: "Name of the networks, where the files do not give it. (default: the files')")
  var model: String?

  @OptionGroup
  var images: DataOptions

  @OptionGroup
  var part: SplitOptions

  @Option(name: .long, help: "Images on which layers are compared, at least 4.")
  var similarityImages = 512

  @Option(name: .long, help: "Rows of feature maps: flattened, or pooled over positions.")
  var features = FeatureGram.Rule.flattened

  @OptionGroup
  var place: FolderOptions

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([("--similarity-images", similarityImages, 4...8192)])
  }

  func run() throws {
    let folder = try place.folder()
    let data = try images.load(part.split)
    let networks = try [a, b].map { try data.classifier(URL(fileURLWithPath: $0), model: model) }
    let comparison = try NetworkComparison(
      networks[0], networks[1], on: data, similarityImages: similarityImages, rule: features)
    try folder?.write(ComparisonFiles(comparison, a, b))
    let page = ComparisonPage(comparison, a: networks[0].url.path, b: networks[1].url.path)
    try output.print(page.document, text: page.text)
  }
}
