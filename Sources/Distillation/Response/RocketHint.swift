import Models
import NeuralNetworks
import Support
import Tensors

/// What of two networks is compared in rocket launching: sums over the values of an image, the mean over the images.
struct RocketHint {
  /// What is compared.
  enum Kind: String, OptionChoice {
    /// Before the softmax.
    case logits
    /// Behind it.
    case probabilities
    /// The vector from which the logits are made.
    case lastHidden = "last-hidden"
  }

  private let kind: Kind
  private let pair: EmbeddingPair?

  /// - Throws: ``InputError`` if the vectors have different widths.
  init(_ kind: Kind, _ setup: MethodSetup) throws {
    self.kind = kind
    guard kind == .lastHidden else {
      pair = nil
      return
    }
    let pair = try EmbeddingPair(
      try Options([:], for: CatalogEntry("", "", options: EmbeddingPair.options), at: ""), setup, "rocket")
    guard pair.studentWidth == pair.teacherWidth else {
      throw InputError(
        setup.place, "the last hidden vectors have \(pair.studentWidth) and \(pair.teacherWidth) values",
        remedy: "use hint: logits")
    }
    self.pair = pair
  }

  /// For the light network's pass.
  var studentFeatures: Set<FeaturePoint> { pair?.studentFeatures ?? [] }
  /// For the booster's pass.
  var teacherFeatures: Set<FeaturePoint> { pair?.teacherFeatures ?? [] }

  /// mean_B ‖light − booster‖²; the booster's side is a constant.
  func value(_ light: (logits: Tensor, pass: ForwardPass), _ booster: (logits: Tensor, pass: ForwardPass)) -> Tensor {
    let own: Tensor
    let other: Tensor
    switch kind {
    case .logits: (own, other) = (light.logits, booster.logits)
    case .probabilities: (own, other) = (light.logits.softmax(), withoutRecording { booster.logits.softmax() })
    case .lastHidden:
      guard let pair else { preconditionFailure("RocketHint: no vectors") }
      own = light.pass.feature(FeaturePoint(pair.student.name)).flattened
      other = booster.pass.feature(FeaturePoint(pair.teacher.name)).flattened
    }
    return (own - other.detached()).sumOfSquares() / Float(own.shape[0])
  }
}
