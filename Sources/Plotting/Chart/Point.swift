/// Two numbers: of the data in what callers give, points (1/72 inch) from the top left corner in a drawing.
public struct Point: Sendable, Hashable, Codable {
  /// Horizontal.
  public var x: Double
  /// Vertical.
  public var y: Double

  /// - Parameters:
  ///   - x: horizontal.
  ///   - y: vertical.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  var isFinite: Bool { x.isFinite && y.isFinite }
}

/// The ends of an interval, in data units.
public struct Interval: Sendable, Hashable, Codable {
  /// The lower end; not finite for an interval that is not known.
  public var lower: Double
  /// The upper end.
  public var upper: Double

  /// - Parameters:
  ///   - lower: the lower end; not finite for an interval that is not known.
  ///   - upper: the upper end.
  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// An interval that is not known, and not drawn.
  public static let unknown = Interval(.nan, .nan)

  var isFinite: Bool { lower.isFinite && upper.isFinite }
}
