import Support

/// Vertical bars in groups, one group per category; all start at zero.
public struct Bars: Sendable, Equatable, Codable {
  /// One bar in each group.
  public struct Series: Sendable, Equatable, Codable {
    /// What the legend says; nil keeps the series out of the legend.
    public var name: String?
    /// Height of the bar in each category; what is not finite has no bar.
    public var values: [Double]
    /// Error bars, one per value; empty for none.
    public var errors: [Interval]
    /// Its colour is used, and its marker chooses a hatching.
    public var look: Look

    /// - Parameters:
    ///   - name: what the legend says; nil keeps the series out of the legend.
    ///   - values: one per category; what is not finite has no bar.
    ///   - errors: ends of error bars, one per value; empty for none.
    ///   - look: its colour is used, and its marker chooses a hatching.
    public init(_ name: String?, values: [Double], errors: [Interval] = [], look: Look) {
      precondition(
        errors.isEmpty || errors.count == values.count, "Bars: \(values.count) values have \(errors.count) intervals")
      self.name = name
      self.values = values
      self.errors = errors
      self.look = look
    }
  }

  /// Names of the groups, left to right.
  public var categories: [String]
  /// The bars of each group, left to right.
  public var series: [Series]

  /// - Parameters:
  ///   - categories: names of the groups, left to right.
  ///   - series: the bars of each group; each has a value per category.
  public init(categories: [String], series: [Series]) {
    for one in series {
      precondition(
        one.values.count == categories.count,
        "Bars: series \(one.name ?? "without name") has \(one.values.count) values for \(categories.count) categories")
    }
    self.categories = categories
    self.series = series
  }
}
