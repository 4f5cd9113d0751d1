import Support

/// How far the values of two tensors of one shape lie apart. Places where a value of either is not finite take no part
/// in distance, cosine and sign flips; they are counted.
public struct ValueDifference: Sendable, Equatable {
  /// Number of values.
  public let count: Int
  /// Σ (b − a)².
  public let squaredDistance: Double
  /// Σ a².
  public let squaredNorm: Double
  /// Σ b².
  public let otherSquaredNorm: Double
  /// Σ a·b.
  public let product: Double
  /// The largest |b − a|.
  public let largest: Double
  /// How many values have the other sign, zeros apart.
  public let signFlips: Int
  /// How many values of the first are not finite.
  public let nonFinite: Int
  /// How many values of the second are not finite.
  public let otherNonFinite: Int
  /// Whether all values are equal, NaN being equal to NaN.
  public let areEqual: Bool

  /// - Parameters:
  ///   - a: the values of the first.
  ///   - b: as many of the second.
  public init(_ a: [Double], _ b: [Double]) {
    precondition(a.count == b.count, "ValueDifference: \(a.count) and \(b.count) values")
    var (distance, norm, otherNorm, product, largest) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (flips, nonFinite, otherNonFinite) = (0, 0, 0)
    var areEqual = true
    for (x, y) in zip(a, b) {
      if x != y && !(x.isNaN && y.isNaN) { areEqual = false }
      if !x.isFinite { nonFinite += 1 }
      if !y.isFinite { otherNonFinite += 1 }
      guard x.isFinite, y.isFinite else { continue }
      let step = y - x
      distance += step * step
      norm += x * x
      otherNorm += y * y
      product += x * y
      largest = max(largest, abs(step))
      if (x < 0 && y > 0) || (x > 0 && y < 0) { flips += 1 }
    }
    count = a.count
    squaredDistance = distance
    squaredNorm = norm
    otherSquaredNorm = otherNorm
    self.product = product
    self.largest = largest
    signFlips = flips
    self.nonFinite = nonFinite
    self.otherNonFinite = otherNonFinite
    self.areEqual = areEqual
  }

  /// ‖b − a‖ / ‖a‖; infinite where a is zero and b is not.
  public var relativeDistance: Double {
    squaredDistance == 0 ? 0 : (squaredDistance / squaredNorm).squareRoot()
  }

  /// a·b / (‖a‖ ‖b‖); nil where one of them is zero.
  public var cosine: Double? {
    squaredNorm > 0 && otherSquaredNorm > 0
      ? product / (squaredNorm.squareRoot() * otherSquaredNorm.squareRoot()) : nil
  }

  /// Whether the values are equal, or within a relative distance with as many that are not finite.
  public func isWithin(_ tolerance: Double) -> Bool {
    areEqual || (tolerance > 0 && nonFinite == otherNonFinite && relativeDistance <= tolerance)
  }
}
