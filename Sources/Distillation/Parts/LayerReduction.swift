import Support
import Tensors

/// What becomes of the losses of several layers.
enum LayerReduction: String, OptionChoice {
  case sum, mean

  /// The option of methods that leave it open.
  static let key = OptionKey.choice("over-layers", default: Self.sum, "sum or mean of the layers' losses")
}

extension [Tensor] {
  /// The losses of all layers in one, as `over-layers` says.
  func overLayers(_ options: Options) -> Tensor {
    switch options[LayerReduction.key] {
    case .sum: summed
    case .mean: summed / Float(Swift.max(1, count))
    }
  }
}
