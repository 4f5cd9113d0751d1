import Support

/// Counts per bin of one or several series over the same bins.
public struct Histogram: Sendable, Equatable, Codable {
  /// How several series share a bin.
  public enum Style: String, Sendable, Codable, CaseIterable {
    /// Bars beside each other.
    case sideBySide
    /// An outline per series, over a translucent filling where there are few.
    case steps
  }

  /// Outlines up to whose number fillings can be told apart.
  static let mostFilled = 2

  /// The counts of one series.
  public struct Series: Sendable, Equatable, Codable {
    /// What the legend says; nil keeps the series out of the legend.
    public var name: String?
    /// One per bin; what is not finite is skipped.
    public var counts: [Double]
    /// Its colour is used, its dash for steps; beside each other its marker chooses a hatching.
    public var look: Look

    /// - Parameters:
    ///   - name: what the legend says; nil keeps the series out of the legend.
    ///   - counts: one per bin, also shares or densities; what is not finite is skipped.
    ///   - look: its colour is used, its dash for steps; beside each other its marker chooses a hatching.
    public init(_ name: String?, counts: [Double], look: Look) {
      self.name = name
      self.counts = counts
      self.look = look
    }
  }

  /// The bins' edges, increasing, one more than there are bins.
  public var edges: [Double]
  /// The series.
  public var series: [Series]
  /// How several series share a bin.
  public var style: Style

  /// - Parameters:
  ///   - edges: increasing, one more than there are bins; empty for no bins.
  ///   - series: each has a count per bin.
  ///   - style: how several series share a bin.
  public init(edges: [Double], series: [Series], style: Style = .sideBySide) {
    precondition(
      zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 } && edges.allSatisfy(\.isFinite),
      "Histogram: edges \(edges) do not increase")
    for one in series {
      precondition(
        one.counts.count == max(0, edges.count - 1),
        "Histogram: series \(one.name ?? "without name") has \(one.counts.count) counts for \(edges.count) edges")
    }
    self.edges = edges
    self.series = series
    self.style = style
  }
}
