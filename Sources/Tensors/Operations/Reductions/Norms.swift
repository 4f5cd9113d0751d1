import Support

extension Tensor {
  /// The standard deviation along axes; divided by n − 1 if unbiased. Where all values are equal its gradient is 0.
  public func standardDeviation(alongAxes axes: [Int], unbiased: Bool = false, keepsAxes: Bool = false) -> Tensor {
    let number = Set(axes.map { shape.normalized($0, "standardDeviation") }).reduce(1) { $0 * shape[$1] }
    let centred = self - mean(alongAxes: axes, keepsAxes: true)
    return centred.norm(alongAxes: axes, keepsAxes: keepsAxes) / Float(unbiased ? number - 1 : number).squareRoot()
  }

  /// The L2 norm along axes; at a vector of zeros its gradient is 0, as in PyTorch.
  public func norm(alongAxes axes: [Int], keepsAxes: Bool = false) -> Tensor {
    let output = withoutRecording { sumOfSquares(alongAxes: axes, keepsAxes: keepsAxes).squareRoot() }
    let result = output.detached()
    let axes = Set(axes.map { shape.normalized($0, "norm") })
    let kept = Shape(shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    return output.recorded("norm", [self], isRecordable: true) { gradient in
      let norm = isRecording ? self.norm(alongAxes: Array(axes), keepsAxes: true) : result.reshaped(kept)
      // 0/1 instead of 0/0.
      return [gradient.reshaped(kept) * (self / (norm + mapElements(norm) { $0 == 0 ? 1 : 0 }))]
    }
  }

  /// The vectors along one axis at length 1: x / max(‖x‖, ε), as PyTorch's `normalize`.
  ///
  /// Vectors no longer than ε, that of zeros among them, have the gradient 0 (PyTorch's is the upstream's over ε).
  ///
  /// - Parameters:
  ///   - axis: along which the vectors lie.
  ///   - epsilon: the smallest divisor.
  /// - Returns: a tensor of this shape.
  public func normalized(alongAxis axis: Int, epsilon: Float = 1e-12) -> Tensor {
    let norm = norm(alongAxes: [axis], keepsAxes: true)
    let short = mapElements(norm) { $0 > epsilon ? 0 : 1 }
    guard short.withFloats({ $0.contains(1) }) else { return self / norm }
    let long = 1 - short
    return self * long / (norm * long + short) + detached() * short / epsilon
  }
}
