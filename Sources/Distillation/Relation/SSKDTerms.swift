import NeuralNetworks
import Support
import Tensors

/// The loss of ``SSKD`` as a function of tensors of four rotations of each image, image by image, the upright
/// one first.
struct SSKDTerms {
  /// [4·images, classes].
  let student: (logits: Tensor, projection: Tensor)
  /// [4·images, classes]; constants.
  let teacher: (logits: Tensor, projection: Tensor)
  /// Class of each image.
  let labels: [Int]

  static let options = [
    labelWeight.option, logitsWeight.option, rotatedWeight.option, contrastWeight.option, temperature.option,
    contrastTemperature.option, rotatedRatio.option, contrastRatio.option,
  ]
  private static let labelWeight = OptionKey.number(
    "label-weight", 0...1e6, default: 0, "weight of the cross-entropy with the labels, where the recipe's own has none")
  private static let logitsWeight = OptionKey.number(
    "logits-weight", 0...1e6, default: 0.9, "weight of upright images' logits")
  private static let rotatedWeight = OptionKey.number(
    "rotated-weight", 0...1e6, default: 2.7, "weight of turned images' logits")
  private static let contrastWeight = OptionKey.number(
    "contrast-weight", 0...1e6, default: 10, "weight of the contrast of images")
  private static let temperature = OptionKey.number("temperature", 0.1...100, default: 4, "T of both terms of logits")
  private static let contrastTemperature = OptionKey.number(
    "contrast-temperature", 0.01...100, default: 0.5, "τ of the contrast")
  private static let rotatedRatio = OptionKey.number(
    "rotated-ratio", 0...1, default: 1, "share of wrongly classified turned images that teach")
  private static let contrastRatio = OptionKey.number(
    "contrast-ratio", 0...1, default: 0.75, "share of wrongly matched turned images that teach")

  /// Terms `logits`, `rotated` and `contrast`, before them `labels` where it has a weight.
  func terms(_ options: Options) -> [LossTerm] {
    let (upright, turned) = (Self.upright(labels.count), Self.turned(labels.count))
    let temperature = options[Self.temperature]
    let (own, other) = (student.logits, teacher.logits.detached())
    let logits = softenedDivergence(
      own.rows(upright), from: other.rows(upright), temperature: Float(temperature))
    let rotated = divergence(
      own.rows(turned), from: other.rows(turned), turned.map { labels[$0 / 4] }, ratio: options[Self.rotatedRatio],
      temperature)
    let contrast = divergence(
      Self.likeness(student.projection), from: withoutRecording { Self.likeness(teacher.projection) },
      turned.map { $0 / 4 }, ratio: options[Self.contrastRatio], options[Self.contrastTemperature])
    let terms = [
      LossTerm("logits", logits, weight: Float(options[Self.logitsWeight])),
      LossTerm("rotated", rotated, weight: Float(options[Self.rotatedWeight])),
      LossTerm("contrast", contrast, weight: Float(options[Self.contrastWeight])),
    ]
    let labelWeight = options[Self.labelWeight]
    guard labelWeight > 0 else { return terms }
    return [LossTerm("labels", crossEntropy(own.rows(upright), labels), weight: Float(labelWeight))] + terms
  }

  /// The softened divergence over the rows that ``ErrorLevelRanking`` keeps; 0 where it keeps none.
  private func divergence(
    _ own: Tensor, from other: Tensor, _ truths: [Int], ratio: Double, _ temperature: Double
  ) -> Tensor {
    let kept = ErrorLevelRanking.kept(other, truths, ratio: ratio)
    guard !kept.isEmpty else { return own.nothing }
    return softenedDivergence(own.rows(kept), from: other.rows(kept), temperature: Float(temperature))
  }

  /// How well a head knows which upright image a turned one is of: mean cross-entropy of the cosines.
  static func contrastLoss(_ projection: Tensor) -> Tensor {
    crossEntropy(likeness(projection), turned(projection.shape[0] / 4).map { $0 / 4 })
  }

  /// Cosines of each turned image with every upright one: [3·images, images]. The released code divides by max(‖a‖‖b‖, 1e-8);
  /// here every vector but that of zeros has its cosines and their gradient, however short it is.
  private static func likeness(_ projection: Tensor) -> Tensor {
    let (count, unit) = (projection.shape[0] / 4, projection.normalized(alongAxis: 1))
    return matrixProduct(unit.rows(turned(count)), unit.rows(upright(count)), transposesSecond: true)
  }

  private static func upright(_ images: Int) -> [Int] { (0..<images).map { 4 * $0 } }
  private static func turned(_ images: Int) -> [Int] { (0..<4 * images).filter { $0 % 4 != 0 } }
}
