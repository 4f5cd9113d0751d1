import Support

/// A grid of small images, masks and heat maps with one colour scale, such as entropy maps of three networks over
/// training.
public struct Gallery: Sendable, Equatable, Codable {
  /// A heading over neighbouring columns.
  public struct ColumnGroup: Sendable, Equatable, Codable {
    /// The heading; empty for columns that belong to no group.
    public var title: String
    /// Number of columns, at least 1.
    public var count: Int

    /// - Parameters:
    ///   - title: the heading; empty for columns that belong to no group.
    ///   - count: number of columns, at least 1.
    public init(_ title: String, count: Int) {
      precondition(count > 0, "ColumnGroup: '\(title)' has \(count) columns")
      self.title = title
      self.count = count
    }
  }

  /// What a colour of ``Cell/tiles(rows:columns:colors:outline:)`` means, for the figure's legend.
  public struct Key: Sendable, Equatable, Codable {
    /// What it means.
    public var name: String
    /// The colour.
    public var color: Color

    /// - Parameters:
    ///   - name: what the colour means.
    ///   - color: the colour.
    public init(_ name: String, _ color: Color) {
      self.name = name
      self.color = color
    }
  }

  /// What stands above; nil for nothing.
  public var title: String?
  /// One per column, above it; empty for none.
  public var columnTitles: [String]
  /// One per row, at its left; empty for none.
  public var rowTitles: [String]
  /// Headings over neighbouring columns, left to right, covering all columns; empty for none.
  public var columnGroups: [ColumnGroup]
  /// The cells, [rows][columns].
  public var cells: [[Cell]]
  /// The numbers at the ends of the colour scale; nil takes those of all heats.
  public var heatRange: ClosedRange<Double>?
  /// What the colours say, with its unit: "entropy per cell / nats". Without heats there is no colour bar.
  public var colourBarLabel: String
  /// One per cell, below it, [rows][columns]; nil for none.
  public var captions: [[String]]?
  /// What the colours of tiles mean; nil for nothing.
  public var keys: [Key]?

  /// - Parameters:
  ///   - title: what stands above; nil for nothing.
  ///   - columnTitles: one per column; empty for none.
  ///   - rowTitles: one per row; empty for none.
  ///   - columnGroups: headings over neighbouring columns, covering all columns; empty for none.
  ///   - cells: [rows][columns], all rows of one length.
  ///   - heatRange: the numbers at the ends of the colour scale; nil takes those of all heats.
  ///   - colourBarLabel: what the colours say, with its unit.
  ///   - captions: one per cell, below it, [rows][columns]; nil for none.
  ///   - keys: what the colours of tiles mean.
  public init(
    title: String? = nil, columnTitles: [String] = [], rowTitles: [String] = [], columnGroups: [ColumnGroup] = [],
    cells: [[Cell]], heatRange: ClosedRange<Double>? = nil, colourBarLabel: String,
    captions: [[String]]? = nil, keys: [Key]? = nil
  ) {
    let columns = cells.first?.count ?? 0
    precondition(
      cells.allSatisfy { $0.count == columns }, "Gallery: rows have \(cells.map(\.count)) cells, expected \(columns)")
    precondition(
      columnTitles.isEmpty || columnTitles.count == columns,
      "Gallery: \(columnTitles.count) titles for \(columns) columns")
    precondition(
      rowTitles.isEmpty || rowTitles.count == cells.count, "Gallery: \(rowTitles.count) titles for \(cells.count) rows")
    precondition(
      columnGroups.isEmpty || columnGroups.reduce(0) { $0 + $1.count } == columns,
      "Gallery: groups of \(columnGroups.map(\.count)) columns for \(columns) columns")
    precondition(
      captions.map { $0.map(\.count) == cells.map(\.count) } ?? true, "Gallery: captions do not fit the cells")
    cells.joined().forEach { $0.check() }
    self.title = title
    self.columnTitles = columnTitles
    self.rowTitles = rowTitles
    self.columnGroups = columnGroups
    self.cells = cells
    self.heatRange = heatRange
    self.colourBarLabel = colourBarLabel
    self.captions = captions
    self.keys = keys
  }
}
