/// Rows of a value with its interval, the first on top: a forest plot of differences.
///
/// Several of them in one chart share the rows, which the first one names, and stand below each other in each row.
public struct Intervals: Sendable, Equatable, Codable {
  /// A side of the line of "no difference".
  public enum Side: String, Sendable, Codable {
    case below, above
  }

  /// One row.
  public struct Row: Sendable, Equatable, Codable {
    /// What stands at the left of the row.
    public var label: String
    /// The marker's place; not finite for a row without.
    public var value: Double
    /// The whisker's ends.
    public var interval: Interval
    /// A look for this row alone; nil takes that of the whole.
    public var look: Look?
    /// The side of the reference that has a pale ground in this row; nil for none.
    public var shaded: Side?
    /// What stands at the right of the row, outside of the plot; nil for nothing.
    public var note: String?

    /// - Parameters:
    ///   - label: what stands at the left of the row.
    ///   - value: the marker's place; not finite for a row without.
    ///   - interval: the whisker's ends; ``Interval/unknown`` for a marker alone.
    ///   - look: for this row alone; nil takes that of the whole.
    ///   - shaded: the side of the reference that has a pale ground in this row.
    ///   - note: what stands at the right of the row.
    public init(
      _ label: String, value: Double, interval: Interval, look: Look? = nil, shaded: Side? = nil, note: String? = nil
    ) {
      self.label = label
      self.value = value
      self.interval = interval
      self.look = look
      self.shaded = shaded
      self.note = note
    }
  }

  /// What the legend says; nil keeps the rows out of the legend.
  public var name: String?
  /// The rows, the first on top.
  public var rows: [Row]
  /// How it looks; the dash is not used.
  public var look: Look
  /// Where the vertical line of "no difference" stands; nil for none.
  public var reference: Double?

  /// - Parameters:
  ///   - name: what the legend says; nil keeps the rows out of the legend.
  ///   - rows: the first on top.
  ///   - look: how it looks; the dash is not used.
  ///   - reference: where the vertical line of "no difference" stands; nil for none.
  public init(_ name: String? = nil, rows: [Row], look: Look, reference: Double? = 0) {
    self.name = name
    self.rows = rows
    self.look = look
    self.reference = reference
  }
}
