import Support

/// A matrix of numbers as colours, row 0 on top, with a colour bar; at most 12×12 cells have their value printed.
public struct HeatMap: Sendable, Equatable, Codable {
  /// What stands above; nil for nothing.
  public var title: String?
  /// The numbers, [rows][columns]; nil or not finite for a grey cell.
  public var values: [[Double?]]
  /// One per row; empty for none.
  public var rowLabels: [String]
  /// One per column; empty for none.
  public var columnLabels: [String]
  /// What the rows are; nil for nothing.
  public var rowAxisLabel: String?
  /// What the columns are; nil for nothing.
  public var columnAxisLabel: String?
  /// The colours.
  public var scale: ColorScale
  /// The numbers at the ends of the scale; nil takes those of the data, with equal limits for a diverging scale.
  public var range: ClosedRange<Double>?
  /// What the colours say, with its unit.
  public var colourBarLabel: String

  /// - Parameters:
  ///   - title: what stands above; nil for nothing.
  ///   - values: [rows][columns], all rows of one length; nil or not finite for a grey cell.
  ///   - rowLabels: one per row; empty for none.
  ///   - columnLabels: one per column; empty for none.
  ///   - rowAxisLabel: what the rows are; nil for nothing.
  ///   - columnAxisLabel: what the columns are; nil for nothing.
  ///   - scale: the colours.
  ///   - range: the numbers at the ends of the scale; nil takes those of the data.
  ///   - colourBarLabel: what the colours say, with its unit.
  public init(
    title: String? = nil, values: [[Double?]], rowLabels: [String] = [], columnLabels: [String] = [],
    rowAxisLabel: String? = nil, columnAxisLabel: String? = nil, scale: ColorScale = .viridis,
    range: ClosedRange<Double>? = nil, colourBarLabel: String
  ) {
    let columns = values.first?.count ?? 0
    precondition(
      values.allSatisfy { $0.count == columns },
      "HeatMap: rows have \(values.map(\.count)) columns, expected \(columns)")
    precondition(
      rowLabels.isEmpty || rowLabels.count == values.count,
      "HeatMap: \(rowLabels.count) labels for \(values.count) rows")
    precondition(
      columnLabels.isEmpty || columnLabels.count == columns,
      "HeatMap: \(columnLabels.count) labels for \(columns) columns")
    self.title = title
    self.values = values
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.rowAxisLabel = rowAxisLabel
    self.columnAxisLabel = columnAxisLabel
    self.scale = scale
    self.range = range
    self.colourBarLabel = colourBarLabel
  }
}
