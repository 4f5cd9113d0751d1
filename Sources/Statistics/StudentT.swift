import Support

/// Student's t distribution.
public struct StudentT: Sendable, Equatable {
  /// Degrees of freedom ν, above 0; need not be whole.
  public let degreesOfFreedom: Double

  /// - Parameter degreesOfFreedom: above 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "StudentT: degrees of freedom \(degreesOfFreedom) are not above 0")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of a value of at most `t`, from 0 to 1.
  public func cumulative(_ t: Double) -> Double { t > 0 ? 1 - upperTail(t) : upperTail(-t) }

  /// The value that the given probability lies below.
  ///
  /// - Parameter probability: from 0 to 1.
  /// - Returns: −∞ for 0, +∞ for 1.
  public func quantile(_ probability: Double) -> Double {
    precondition(0 <= probability && probability <= 1, "StudentT: probability \(probability) is not from 0 to 1")
    if probability == 0.5 { return 0 }
    if probability > 0.5 { return upperQuantile(1 - probability) }
    return -upperQuantile(probability)
  }

  /// P(T > t) for t ≥ 0, without cancellation in the tail: ½ I_{ν/(ν+t²)}(ν/2, ½).
  private func upperTail(_ t: Double) -> Double {
    if t == 0 { return 0.5 }
    if t == .infinity { return 0 }
    let sum = degreesOfFreedom + t * t
    // A t whose square overflows still has a tail: ν/t² is then right to the last digit.
    let x = sum.isFinite ? degreesOfFreedom / sum : degreesOfFreedom / t / t
    let complement = sum.isFinite ? t * t / sum : 1
    return 0.5 * regularizedIncompleteBeta(x, complement: complement, degreesOfFreedom / 2, 0.5)
  }

  /// The t whose upper tail is `tail`, by bisection until the bracket cannot be halved: monotone, so it cannot go astray.
  private func upperQuantile(_ tail: Double) -> Double {
    if tail == 0 { return .infinity }
    var low = 0.0
    var high = 1.0
    while upperTail(high) > tail {
      low = high
      high *= 2
      if high == .infinity { return .infinity }
    }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if upperTail(middle) > tail { low = middle } else { high = middle }
    }
  }
}
