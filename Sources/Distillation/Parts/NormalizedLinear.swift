import NeuralNetworks
import Tensors

/// A linear map with batch normalisation of its output.
final class NormalizedLinear: Module {
  private let linear: Linear
  private let normalization: BatchNormalization2D

  /// - Parameters:
  ///   - inputs: features of the input.
  ///   - outputs: features of the output.
  ///   - initialiser: gives weights and bias, PyTorch's default.
  convenience init(_ inputs: Int, _ outputs: Int, _ initialiser: Initialiser) {
    self.init(Linear(inputs, outputs, initialiser), BatchNormalization2D(outputs))
  }

  /// Made of given parts.
  init(_ linear: Linear, _ normalization: BatchNormalization2D) {
    self.linear = linear
    self.normalization = normalization
  }

  /// The layer of a file of losses: `NAME.weight`, `.norm.weight`, `.norm.bias`, and `.bias` where there is one.
  ///
  /// - Throws: ``InputError`` for a tensor that is not there.
  convenience init(_ inputs: LossInputs, _ name: String) throws {
    self.init(
      Linear(weight: try inputs.tensor("\(name).weight"), bias: inputs.optional("\(name).bias")),
      BatchNormalization2D(
        scale: try inputs.tensor("\(name).norm.weight"), shift: try inputs.tensor("\(name).norm.bias"),
        mean: inputs.optional("\(name).norm.running_mean"), variance: inputs.optional("\(name).norm.running_var")))
  }

  /// The same layer as it is now, for passes that must not train it.
  var constant: NormalizedLinear {
    let parts = (weight: linear.weight.tensor.detached(), bias: linear.bias?.tensor.detached())
    let copy = NormalizedLinear(
      Linear(weight: parts.weight, bias: parts.bias),
      BatchNormalization2D(
        scale: normalization.scale.tensor.detached(), shift: normalization.shift.tensor.detached(),
        mean: normalization.mean.tensor, variance: normalization.variance.tensor))
    copy.freeze()
    return copy
  }

  /// [rows, inputs] → [rows, outputs].
  func callAsFunction(_ x: Tensor, _ pass: ForwardPass, relu: Bool = false) -> Tensor {
    let output = linear(x)
    let (rows, width) = (output.shape[0], output.shape[1])
    return normalization(output.reshaped([rows, 1, 1, width]), pass, relu: relu).reshaped([rows, width])
  }

  /// Weight, bias, normalisation.
  func visit(_ visitor: ParameterVisitor) {
    linear.visit(visitor)
    visitor.visit("norm", normalization)
  }
}
