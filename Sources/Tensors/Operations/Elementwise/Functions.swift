import Glibc

extension Tensor {
  /// eˣ.
  public func exp() -> Tensor {
    let output = mapElements(self) { expf($0) }
    let result = output.detached()
    return output.recorded("exp", [self], isRecordable: true) { [$0 * (isRecording ? self.exp() : result)] }
  }

  /// Natural logarithm.
  public func log() -> Tensor {
    mapElements(self) { logf($0) }.recorded("log", [self], isRecordable: true) { [$0 / self] }
  }

  /// Square root.
  public func squareRoot() -> Tensor {
    mapVectors(self, Root())
      .recorded("squareRoot", [self], isRecordable: true) { [$0 / (self.squareRoot() * 2)] }
  }

  /// |x|; the gradient at 0 is 0.
  public func absolute() -> Tensor {
    let source = detached()
    return mapVectors(self, Magnitude()).recorded("absolute", [self], isRecordable: true) { [$0.signed(by: source)] }
  }

  /// These values with the signs of a constant of this shape; zero where that is zero.
  private func signed(by source: Tensor) -> Tensor {
    zipVectors(self, source, SignedBy()).recorded("signed", [self], isRecordable: true) { [$0.signed(by: source)] }
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
