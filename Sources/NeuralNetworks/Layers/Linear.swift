import Tensors

/// A fully connected layer.
public final class Linear: Module {
  /// [outputs, inputs].
  public let weight: Parameter
  /// [outputs].
  public let bias: Parameter?

  /// A layer with PyTorch's default initialisation, uniform in ±1/√inputs.
  ///
  /// - Parameters:
  ///   - inputs: features of the input.
  ///   - outputs: features of the output.
  ///   - hasBias: whether a bias is added.
  ///   - initialiser: gives weights and bias.
  public init(_ inputs: Int, _ outputs: Int, bias hasBias: Bool = true, _ initialiser: Initialiser) {
    weight = Parameter(initialiser.uniform([outputs, inputs], fanIn: inputs), .weight)
    bias = hasBias ? Parameter(initialiser.uniform([outputs], fanIn: inputs), .bias) : nil
  }

  /// A layer with given values.
  public init(weight: Tensor, bias: Tensor?) {
    self.weight = Parameter(weight, .weight)
    self.bias = bias.map { Parameter($0, .bias) }
  }

  /// [batch, inputs] → [batch, outputs].
  public func callAsFunction(_ input: Tensor) -> Tensor { linear(input, weight.tensor, bias: bias?.tensor) }

  /// Weight, then bias.
  public func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", weight)
    if let bias { visitor.visit("bias", bias) }
  }
}
