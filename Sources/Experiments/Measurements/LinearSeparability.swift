import Analysis
import Datasets
import Models
import NeuralNetworks
import Reporting
import Statistics
import Support
import Tensors

/// How much of the classes a linear classifier reads off a layer while the network learns (Alain & Bengio, "Understanding
/// intermediate layers using linear classifier probes", 2017): softmax regression on standardised features, averaged over
/// positions, fitted on training images and judged on test images.
struct LinearSeparability: RunMeasurement {
  /// `linear`.
  static let entry = CatalogEntry(
    "linear", "how well a linear classifier reads the classes off layers, over training",
    options: [layers.option, images.option, penalty.option])
  private static let layers = OptionKey.texts(
    "layers", "layers of the students' network; all ends of stages unless given")
  private static let images = OptionKey.integer(
    "images", 10...100_000, default: 1000, "at most so many training images that it is fitted on")
  private static let penalty = OptionKey.number("penalty", 1e-8...1e3, default: 0.01, "weight of half the squared norm")

  private let layers: [String]
  private let images: Int
  private let penalty: Double

  init(_ options: Options, _ student: any Network, place: (String) -> String) throws {
    let named = options[Self.layers]
    for layer in named { _ = try student.probePoint(layer, at: place("layers")) }
    layers = named.isEmpty ? student.stages.map(\.name) : named
    (images, penalty) = (options[Self.images], options[Self.penalty])
  }

  /// The images that it is fitted on, and those that it is judged by.
  func images(of data: DataSplits) -> Int { min(images, data.train.count) + data.test.count }

  /// The share of test images that is right, for each layer; NaN where the network has no such layer.
  func measure(_ network: any Network, _ data: DataSplits) throws -> [Double] {
    let train = data.train.spread(images)
    let classes = data.train.classes.count
    let known = layers.filter { layer in network.probePoints.contains { $0.name == layer } }
    func features(_ set: ImageSet) throws -> [Tensor] {
      let maker = BatchMaker(set, normalization: data.normalization, augmentation: nil, seed: 0)
      return try FeatureRows.pooled(network, at: known, count: set.count) { indices in
        try Interrupt.check()
        return maker.images(indices)
      }
    }
    let rows = Dictionary(
      uniqueKeysWithValues: zip(known, zip(try features(train), try features(data.test))).map { ($0, $1) })
    return try layers.map { layer in
      guard let (fitted, asked) = rows[layer] else { return .nan }
      let scale = FeatureScale(of: fitted)
      let problem = SoftmaxRegression(
        scale.standardised(fitted), labels: train.labels.map(Int.init), classes: classes, penalty: penalty)
      let fit = try problem.fit { try Interrupt.check() }
      let logits = SoftmaxRegression.logits(scale.standardised(asked), fit)
      return Predictions(logits: logits, labels: data.test.labels.map(Int.init), classes: classes).accuracy
    }
  }

  var numbers: MeasuredNumbers {
    MeasuredNumbers(
      title: "What a linear classifier reads off the layers", items: layers, item: "layer", value: "accuracy",
      meaning: "Share of test images that the classifier has right from the layer's features, averaged over positions.",
      axis: "share right", shown: (100, "%", "points"), range: QuantityRange.share,
      caption: """
        Test images that a linear classifier has right from features of the finished networks, averaged over positions and \
        standardised; softmax regression with penalty \(NumberFormat.significant(penalty, 2)) on at most \(images) training \
        images.
        """,
      reading: """
        How early each layer can be read: share of test images that a linear classifier has right from the layer's \
        features. Much can be read off an untrained network already.
        """)
  }
}
