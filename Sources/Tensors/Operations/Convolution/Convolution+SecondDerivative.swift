/// Convolution, its gradient to the input and its gradient to the weights are each bilinear, and the gradients of any
/// of the three are the other two. So the three, recorded, can be differentiated as often as one likes.
///
/// These forms are used where gradients are to be differentiated again; otherwise ``convolution(_:_:bias:stride:padding:)``
/// runs its primitives without a tape.
extension ConvolutionRun {
  /// The gradients of a convolution's operands, recorded.
  ///
  /// - Parameters:
  ///   - upstream: gradient of the output, NHWC.
  ///   - input: what was convolved.
  ///   - weight: OIHW.
  ///   - bias: [outputs]; only asked whether it wants a gradient.
  /// - Returns: one gradient for each operand; nil where none is needed.
  func recordedRule(_ upstream: Tensor, _ input: Tensor, _ weight: Tensor, bias: Tensor?) -> [Tensor?] {
    [
      input.isWanted ? recordedBackwardData(upstream, weight) : nil,
      weight.isWanted ? recordedBackwardWeights(input, upstream) : nil,
      bias?.isWanted ?? false ? upstream.sum(alongAxes: [0, 1, 2]) : nil,
    ]
  }

  /// The convolution itself, without bias.
  func recordedForward(_ input: Tensor, _ weight: Tensor) -> Tensor {
    forward(input, weight, bias: nil, residual: nil, relu: false)
      .recorded("convolution", [input, weight], isRecordable: true) { upstream in
        recordedRule(upstream, input, weight, bias: nil)
      }
  }

  /// The gradient of the input for a gradient of the output: a transposed convolution.
  func recordedBackwardData(_ gradient: Tensor, _ weight: Tensor) -> Tensor {
    backwardData(ConvolutionOperand(gradient), weight)
      .recorded("convolutionBackwardData", [gradient, weight], isRecordable: true) { upstream in
        [
          gradient.isWanted ? recordedForward(upstream, weight) : nil,
          weight.isWanted ? recordedBackwardWeights(upstream, gradient) : nil,
        ]
      }
  }

  /// The gradient of the weights for a gradient of the output.
  func recordedBackwardWeights(_ input: Tensor, _ gradient: Tensor) -> Tensor {
    backwardWeights(input, ConvolutionOperand(gradient), bias: false).0
      .recorded("convolutionBackwardWeights", [input, gradient], isRecordable: true) { upstream in
        [
          input.isWanted ? recordedBackwardData(gradient, upstream) : nil,
          gradient.isWanted ? recordedForward(input, upstream) : nil,
        ]
      }
  }
}
