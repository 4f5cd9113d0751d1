/// One axis of a chart.
public struct Axis: Sendable, Equatable, Codable {
  /// What is measured, with its unit: "cross-entropy / nats".
  public var label: String
  /// The numbers that are shown; nil takes those of the data with a margin of 5 % on both sides.
  public var range: ClosedRange<Double>?
  /// Where the axis has ticks; nil chooses them.
  public var ticks: [Tick]?
  /// Whether the axis reaches down (or up) to zero.
  public var startsAtZero: Bool
  /// Whether only whole numbers have ticks, as for epochs.
  public var isWholeNumbers: Bool
  /// Whether equal steps are equal factors; then what is not positive is not shown.
  public var isLogarithmic: Bool

  /// - Parameters:
  ///   - label: what is measured, with its unit.
  ///   - range: the numbers that are shown; nil takes those of the data with a margin of 5 % on both sides.
  ///   - ticks: where the axis has ticks; nil chooses them.
  ///   - startsAtZero: whether the axis reaches to zero.
  ///   - isWholeNumbers: whether only whole numbers have ticks, as for epochs.
  ///   - isLogarithmic: whether equal steps are equal factors.
  public init(
    _ label: String, range: ClosedRange<Double>? = nil, ticks: [Tick]? = nil, startsAtZero: Bool = false,
    isWholeNumbers: Bool = false, isLogarithmic: Bool = false
  ) {
    self.label = label
    self.range = range
    self.ticks = ticks
    self.startsAtZero = startsAtZero
    self.isWholeNumbers = isWholeNumbers
    self.isLogarithmic = isLogarithmic
  }
}

/// A place on an axis with its label.
public struct Tick: Sendable, Equatable, Codable {
  /// Where, in data units.
  public var value: Double
  /// What is written there.
  public var label: String

  /// - Parameters:
  ///   - value: where, in data units.
  ///   - label: what is written there.
  public init(_ value: Double, _ label: String) {
    self.value = value
    self.label = label
  }
}
