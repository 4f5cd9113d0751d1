import Glibc

extension Tensor {
  /// eˣ.
  public func exp() -> Tensor {
    mapElements(self) { expf($0) }.recorded("exp", [self], isRecordable: true) { [$0 * self.exp()] }
  }

  /// Natural logarithm.
  public func log() -> Tensor {
    mapElements(self) { logf($0) }.recorded("log", [self], isRecordable: true) { [$0 / self] }
  }

  /// Square root.
  public func squareRoot() -> Tensor {
    mapElements(self) { $0.squareRoot() }
      .recorded("squareRoot", [self], isRecordable: true) { [$0 / (self.squareRoot() * 2)] }
  }

  /// |x|; the gradient at 0 is 0.
  public func absolute() -> Tensor {
    piecewiseLinear("absolute", { abs($0) }, derivative: { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 })
  }

  /// x².
  public func squared() -> Tensor {
    mapVectors(self, Squaring()).recorded("squared", [self], isRecordable: true) { [$0 * self * 2] }
  }

  /// x to a whole or broken power; negative x only with whole powers.
  public func power(_ exponent: Float) -> Tensor {
    mapElements(self) { powf($0, exponent) }.recorded("power", [self], isRecordable: true) { gradient in
      // 0 · 0⁻¹ would not be a number.
      exponent == 0 ? [.zeros(self.shape)] : [gradient * self.power(exponent - 1) * exponent]
    }
  }

  /// Values below or above the range are set to its ends; no gradient there.
  public func clamped(to range: ClosedRange<Float>) -> Tensor {
    piecewiseLinear(
      "clamped", { min(max($0, range.lowerBound), range.upperBound) },
      derivative: { x, _ in range.contains(x) ? 1 : 0 })
  }
}
