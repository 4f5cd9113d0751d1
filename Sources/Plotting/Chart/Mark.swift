/// Something drawn over a chart's axes. What is not finite is skipped.
public enum Mark: Sendable, Equatable, Codable {
  /// A line through points, perhaps with a band.
  case line(Line)
  /// Markers without a line, perhaps with error bars.
  case points(Points)
  /// Vertical bars in groups, one group per category, from zero.
  case bars(Bars)
  /// Rows of a value with its interval: a forest plot.
  case intervals(Intervals)
  /// Counts per bin.
  case histogram(Histogram)
  /// A dashed line across the chart at a value of y; its label stands at the right of the chart.
  case horizontalRule(Double, label: String? = nil)
  /// A dashed line across the chart at a value of x; its label stands above the chart.
  case verticalRule(Double, label: String? = nil)
  /// A pale ground over all x above a value, or below it; it belongs before the marks that stand on it.
  case shade(Double, isAbove: Bool)
}
