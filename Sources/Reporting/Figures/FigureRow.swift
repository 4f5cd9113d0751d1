import Plotting
import Statistics

/// A row of a figure's table: a point, bar, interval, bin or cell of one series.
struct FigureRow: Equatable {
  var label: String?
  var x: Double?
  var y: Double?
  var low: Double?
  var high: Double?
  var left: Double?
  var right: Double?
  var row: Int?
  var column: Int?
  var value: Double?

  static let columns = [
    Table.Column("panel", .integer, "Which panel of the figure, from 1, row by row."),
    Table.Column("series", .integer, "Which series of the panel, from 1; a cell of a gallery is one."),
    Table.Column("name", .text, "What the legend calls the series."),
    Table.Column("label", .text, "The category of a bar, the row of an interval, the titles of a cell."),
    Table.Column("x", .number, "Place on the horizontal axis."),
    Table.Column("y", .number, "Place on the vertical axis; the height of a bar or bin."),
    Table.Column("low", .number, "Lower end of the interval."),
    Table.Column("high", .number, "Upper end of the interval."),
    Table.Column("left", .number, "Lower edge of the bin."),
    Table.Column("right", .number, "Upper edge of the bin."),
    Table.Column("row", .integer, "Row of the cell in a map, from 0 at the top."),
    Table.Column("column", .integer, "Column of the cell in a map, from 0 at the left."),
    Table.Column("value", .number, "The number shown: of an interval, or as a colour."),
  ]

  func cells(panel: Int, series: Int, name: String?) -> [Cell] {
    [
      .integer(panel), .integer(series), Cell(name), Cell(label), Self.cell(x), Self.cell(y), Self.cell(low),
      Self.cell(high), Self.cell(left), Self.cell(right), Cell(row), Cell(column), Self.cell(value),
    ]
  }

  /// What is not finite is drawn nowhere: its cell is empty.
  private static func cell(_ number: Double?) -> Cell { Cell(number.flatMap { $0.isFinite ? $0 : nil }) }

  init(
    label: String? = nil, x: Double? = nil, y: Double? = nil, interval: Interval? = nil, left: Double? = nil,
    right: Double? = nil, row: Int? = nil, column: Int? = nil, value: Double? = nil
  ) {
    self.label = label
    self.x = x
    self.y = y
    low = interval?.lower
    high = interval?.upper
    self.left = left
    self.right = right
    self.row = row
    self.column = column
    self.value = value
  }

  /// - Parameters:
  ///   - row: of a table, in which columns may be missing.
  ///   - has: whether the table has a column.
  init(_ row: Table.Row, has: (String) -> Bool) {
    func number(_ name: String) -> Double? { has(name) ? row.number(name) : nil }
    label = has("label") ? row["label"].description : nil
    x = number("x")
    y = number("y")
    low = number("low")
    high = number("high")
    left = number("left")
    right = number("right")
    self.row = has("row") ? row.integer("row") : nil
    column = has("column") ? row.integer("column") : nil
    value = number("value")
  }

  var interval: Interval { Interval(low ?? .nan, high ?? .nan) }
}
