import Tensors

/// A convolution with batch normalisation, and what usually follows: a residual sum and a ReLU.
///
/// In training the ReLU is fused into the normalisation; in a frozen network, normalisation, sum and ReLU are folded
/// into one convolution. Folded and unfolded forms give the same numbers (a test says so).
public final class NormalizedConvolution {
  /// The convolution; it needs no bias, but some published networks give it one.
  public let convolution: Convolution2D
  /// The normalisation of its output.
  public let normalization: BatchNormalization2D
  /// What ends the unit where a ReLU is asked for.
  public enum Rectifier: Sendable {
    /// max(x, 0).
    case relu
    /// min(max(x, 0), 6).
    case relu6
  }

  /// What ends the unit where a ReLU is asked for.
  public let rectifier: Rectifier
  private var folded: (versions: [Int], weight: Tensor, bias: Tensor)?

  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: height and width of the kernel.
  ///   - stride: in both directions.
  ///   - padding: zeros on every side.
  ///   - groups: parts of the channels that do not see each other.
  ///   - hasBias: whether the convolution has a bias, as in VGG networks.
  ///   - rectifier: what ends the unit where a ReLU is asked for.
  ///   - initialiser: gives the weights.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1, padding: Int = 1, groups: Int = 1,
    bias hasBias: Bool = false, rectifier: Rectifier = .relu, _ initialiser: Initialiser
  ) {
    convolution = Convolution2D(
      inputs, outputs, kernel: kernel, stride: stride, padding: padding, groups: groups, bias: hasBias, initialiser)
    self.rectifier = rectifier
    normalization = BatchNormalization2D(outputs)
  }

  /// Runs the unit.
  ///
  /// - Parameters:
  ///   - input: [batch, height, width, inputs].
  ///   - pass: mode and wanted features.
  ///   - relu: whether a ReLU ends the unit.
  ///   - residual: added before the ReLU, of the output's shape.
  ///   - layers: names under which the output is offered as a feature.
  /// - Returns: [batch, output height, output width, outputs].
  public func callAsFunction(
    _ input: Tensor, _ pass: ForwardPass, relu: Bool = true, residual: Tensor? = nil, as layers: [String] = []
  ) -> Tensor {
    let splits = relu && (rectifier == .relu6 || pass.wantsPreActivation(of: layers))
    let fused = run(input, pass, relu: relu && !splits, residual: residual)
    if splits || !relu { pass.offer(fused, as: layers, preActivation: true) }
    let output = !splits ? fused : rectifier == .relu6 ? fused.relu6() : fused.relu()
    pass.offer(output, as: layers)
    return output
  }

  private func run(_ input: Tensor, _ pass: ForwardPass, relu: Bool, residual: Tensor?) -> Tensor {
    let parameters =
      [convolution.weight, normalization.scale, normalization.shift] + (convolution.bias.map { [$0] } ?? [])
    let isTrained = isRecording && parameters.contains { $0.tensor.requiresGradient }
    if pass.mode == .evaluation, !isTrained {
      let (weight, bias) = fold()
      return frozenConvolution(
        input, weight, bias: bias, residual: residual, relu: relu, form: convolution.form)
    }
    let convolved = convolution(input)
    guard let residual else { return normalization(convolved, pass, relu: relu) }
    let normalized = normalization(convolved, pass)
    return relu ? normalized.addedRelu(residual) : normalized + residual
  }

  /// Weights and bias of the one convolution that does both, made again when any of the parts has changed.
  private func fold() -> (Tensor, Tensor) {
    let parts =
      ([
        convolution.weight, normalization.scale, normalization.shift, normalization.mean, normalization.variance,
      ] + (convolution.bias.map { [$0] } ?? [])).map(\.tensor)
    let versions = parts.map(\.version)
    if let folded, folded.versions == versions { return (folded.weight, folded.bias) }
    return withoutRecording {
      let factor = parts[1] / (parts[4] + normalization.epsilon).squareRoot()
      let weight = parts[0] * factor.reshaped([factor.count, 1, 1, 1])
      let mean = parts.count > 5 ? parts[3] - parts[5] : parts[3]
      let bias = parts[2] - mean * factor
      folded = (versions, weight, bias)
      return (weight, bias)
    }
  }

  /// Visits the two layers under the names that the network gives them.
  public func visit(_ visitor: ParameterVisitor, convolution name: String, normalization second: String) {
    visitor.visit(name, convolution)
    visitor.visit(second, normalization)
  }
}
