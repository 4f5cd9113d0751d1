import Models
import NeuralNetworks
import Support
import Tensors

/// A teacher beside the recipe's, and where it is looked at.
struct FurtherTeacher {
  let network: any Network
  let point: FeaturePoint

  /// The option of methods that take such teachers.
  static let key = OptionKey.texts(
    "further-teachers",
    "teachers beside the recipe's: names of teachers, assistants or students, or checkpoints")

  /// What it says to images, as constants: logits [batch, classes] and the feature.
  func answer(_ images: Tensor) -> (logits: Tensor, feature: Tensor) {
    let pass = ForwardPass(.evaluation, features: [point])
    let logits = withoutRecording { network(images, pass) }
    return (logits, pass.feature(point))
  }
}
