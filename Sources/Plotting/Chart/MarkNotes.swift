/// What the marks of a chart tell a reader who points at them: whose they are, and their values by the axes' labels.
struct MarkNotes {
  /// Label of the horizontal axis.
  let x: String
  /// Label of the vertical axis.
  let y: String

  /// Of a point.
  func point(_ name: String?, _ point: Point, _ interval: Interval? = nil) -> String {
    lines([name, Self.line(x, point.x), Self.line(y, point.y, interval)])
  }

  /// Of a height over a named place.
  func bar(_ name: String?, _ category: String, _ value: Double, _ interval: Interval? = nil) -> String {
    lines([category, name, Self.line(y, value, interval)])
  }

  /// Of a named row.
  func row(_ name: String?, _ row: Intervals.Row) -> String {
    lines([row.label, name, Self.line(x, row.value, row.interval)])
  }

  /// Of a bin.
  func bin(_ name: String?, _ left: Double, _ right: Double, _ count: Double) -> String {
    let label = x.isEmpty ? "" : "\(x): "
    let (left, right) = (NumberText.significant(left), NumberText.significant(right))
    return lines([name, "\(label)\(left) to \(right)", Self.line(y, count)])
  }

  private func lines(_ lines: [String?]) -> String {
    lines.compactMap(\.self).filter { !$0.isEmpty }.map(TextSpan.plain).joined(separator: "\n")
  }

  private static func line(_ label: String, _ value: Double, _ interval: Interval? = nil) -> String {
    let text = (label.isEmpty ? "" : "\(label): ") + (value.isFinite ? NumberText.significant(value) : "not known")
    guard let interval, interval.isFinite else { return text }
    return text + " [\(NumberText.significant(interval.lower)), \(NumberText.significant(interval.upper))]"
  }
}
