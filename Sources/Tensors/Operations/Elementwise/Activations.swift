import Glibc

extension Tensor {
  /// max(x, 0).
  public func relu() -> Tensor {
    let output = mapVectors(self, Relu())
    let result = output.detached()
    return output.recorded("relu", [self], isRecordable: true) { [reluGradient($0, output: result)] }
  }

  /// max(x, 0) of the sum of two feature maps of one shape, in one pass: the end of a residual block.
  public func addedRelu(_ other: Tensor) -> Tensor {
    let output = zipVectors(self, other, SumAndRelu())
    let result = output.detached()
    return output.recorded("addedRelu", [self, other], isRecordable: true) { gradient in
      let masked = reluGradient(gradient, output: result)
      return [masked, masked]
    }
  }

  /// min(max(x, 0), 6).
  public func relu6() -> Tensor {
    piecewiseLinear("relu6", { min(max($0, 0), 6) }, derivative: { x, _ in x > 0 && x < 6 ? 1 : 0 })
  }

  /// x where positive, slope·x elsewhere.
  public func leakyRelu(slope: Float = 0.01) -> Tensor {
    piecewiseLinear("leakyRelu", { $0 > 0 ? $0 : slope * $0 }, derivative: { x, _ in x > 0 ? 1 : slope })
  }

  /// x where positive, α(eˣ − 1) elsewhere.
  public func elu(alpha: Float = 1) -> Tensor {
    pointwise(
      "elu", { $0 > 0 ? $0 : alpha * expm1f($0) }, derivative: { x, y in x > 0 ? 1 : y + alpha },
      slope: { x in
        let positive = mapElements(x) { $0 > 0 ? 1 : 0 }
        return positive + (1 - positive) * x.clamped(to: -Float.infinity...0).exp() * alpha
      })
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor {
    pointwise(
      "sigmoid", logistic, derivative: { _, y in y * (1 - y) },
      slope: { x in
        let y = x.sigmoid()
        return y * (1 - y)
      })
  }

  /// Hyperbolic tangent.
  public func tanh() -> Tensor {
    pointwise("tanh", { tanhf($0) }, derivative: { _, y in 1 - y * y }, slope: { 1 - $0.tanh().squared() })
  }

  /// x · sigmoid(x), also called swish.
  public func silu() -> Tensor {
    pointwise(
      "silu", { $0 * logistic($0) },
      derivative: { x, _ in
        let s = logistic(x)
        return s * (1 + x * (1 - s))
      },
      slope: { x in
        let s = x.sigmoid()
        return s * (x * (1 - s) + 1)
      })
  }

  /// x · Φ(x) with the exact normal distribution function Φ (Hendrycks & Gimpel, arXiv 1606.08415).
  public func gelu() -> Tensor {
    pointwise(
      "gelu", { 0.5 * $0 * (1 + erff($0 * 0.707_106_8)) },
      derivative: { x, _ in 0.5 * (1 + erff(x * 0.707_106_8)) + x * 0.398_942_3 * expf(-0.5 * x * x) },
      slope: { x in x.normalDistribution() + x * x.normalDensity() })
  }

  /// Φ(x), the distribution function of the standard normal distribution.
  public func normalDistribution() -> Tensor {
    pointwise(
      "normalDistribution", { 0.5 * erfcf(-$0 * 0.707_106_8) },
      derivative: { x, _ in 0.398_942_3 * expf(-0.5 * x * x) }, slope: { $0.normalDensity() })
  }

  /// φ(x), the density of the standard normal distribution.
  public func normalDensity() -> Tensor { (squared() * -0.5).exp() * 0.398_942_3 }

  /// log(1 + eˣ).
  public func softplus() -> Tensor {
    pointwise(
      "softplus", { max($0, 0) + log1pf(expf(-abs($0))) }, derivative: { x, _ in logistic(x) },
      slope: { $0.sigmoid() })
  }

  /// x · min(max(x + 3, 0), 6) / 6.
  public func hardSwish() -> Tensor {
    pointwise(
      "hardSwish", { $0 * min(max($0 + 3, 0), 6) / 6 },
      derivative: { x, _ in x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1 },
      slope: { x in
        let middle = mapElements(x) { $0 < -3 || $0 >= 3 ? 0 : 1 }
        return middle * (x / 3 + 0.5) + mapElements(x) { $0 < 3 ? 0 : 1 }
      })
  }

  /// The function element by element; its derivative may use input and output.
  ///
  /// - Parameters:
  ///   - name: for error lines.
  ///   - function: of one value.
  ///   - derivative: from a value and the function's result.
  ///   - slope: the derivative in recorded operations, for second derivatives; nil where it is constant piece by piece.
  /// - Returns: a tensor of this shape.
  @inline(__always)
  func pointwise(
    _ name: String, _ function: @escaping @Sendable (Float) -> Float,
    derivative: @escaping @Sendable (Float, Float) -> Float, slope: ((Tensor) -> Tensor)?
  ) -> Tensor {
    let output = mapElements(self, function)
    let input = detached()
    let result = output.detached()
    return output.recorded(name, [self], isRecordable: true) { gradient in
      if let slope, isRecording { return [gradient * slope(self)] }
      return [gradient * zipElements(input, result, derivative)]
    }
  }

  /// A function that is a straight line piece by piece, element by element; its second derivative is zero.
  @inline(__always)
  func piecewiseLinear(
    _ name: String, _ function: @escaping @Sendable (Float) -> Float,
    derivative: @escaping @Sendable (Float, Float) -> Float
  ) -> Tensor { pointwise(name, function, derivative: derivative, slope: nil) }
}

private func logistic(_ x: Float) -> Float {
  // Written so that neither branch overflows.
  if x >= 0 { return 1 / (1 + expf(-x)) }
  let e = expf(x)
  return e / (1 + e)
}
