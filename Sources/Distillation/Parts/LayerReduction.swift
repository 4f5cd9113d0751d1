import Support
import Tensors

extension MethodSetup {
  /// What becomes of the losses of several layers.
  static let layerReduction = OptionDescription(
    "over-layers", .choice(["sum", "mean"]), default: .text("sum"), "sum or mean of the layers' losses")
}

extension [Tensor] {
  /// The losses of all layers in one, as `over-layers` says.
  func overLayers(_ options: Options) -> Tensor {
    options.text("over-layers") == "mean" ? summed / Float(Swift.max(1, count)) : summed
  }
}
