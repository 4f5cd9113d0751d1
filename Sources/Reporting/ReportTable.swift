import Statistics
import Support

/// A table as a report shows it: formatted, aligned, few columns.
public struct ReportTable: Sendable, Equatable {
  /// How a column stands.
  public enum Alignment: Sendable, Equatable {
    case left, right, center
  }

  /// Which number of a column is the best.
  public enum Best: Sendable, Equatable {
    case largest, smallest
  }

  /// A column's head.
  public struct Column: Sendable, Equatable {
    /// What stands above it, with its unit.
    public let title: MarkdownText
    /// How it stands; numbers to the right.
    public let alignment: Alignment
    /// Which of its numbers LaTeX prints in bold; nil for none.
    public let best: Best?

    /// - Parameters:
    ///   - title: what stands above it, with its unit.
    ///   - alignment: how it stands.
    ///   - best: which of its numbers LaTeX prints in bold.
    public init(_ title: MarkdownText, _ alignment: Alignment = .left, best: Best? = nil) {
      self.title = title
      self.alignment = alignment
      self.best = best
    }
  }

  /// The columns' heads.
  public let columns: [Column]
  /// The rows, one text per column.
  public private(set) var rows: [[MarkdownText]] = []
  /// The numbers behind the texts, where a row takes part in being the best of a column.
  private(set) var values: [[Double?]] = []
  /// What the table shows, printed above it; nil for none.
  public let caption: MarkdownText?
  /// Name of its LaTeX file, kebab-case; nil for its number.
  public let name: String?

  /// A table without rows.
  ///
  /// - Parameters:
  ///   - columns: at least one.
  ///   - caption: what the table shows.
  ///   - name: of its LaTeX file, kebab-case.
  public init(_ columns: [Column], caption: MarkdownText? = nil, name: String? = nil) {
    precondition(!columns.isEmpty, "ReportTable: no columns")
    precondition(
      name?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) } ?? true,
      "ReportTable: '\(name ?? "")' is no file name")
    self.columns = columns
    self.caption = caption
    self.name = name
  }

  /// A tidy table as it is: titles with units, numbers to four digits, empty cells as a dash.
  ///
  /// - Parameters:
  ///   - table: at least one column.
  ///   - caption: what the table shows.
  public init(_ table: Table, caption: MarkdownText? = nil) {
    self.init(
      table.columns.map { column in
        let unit = column.unit.isEmpty ? "" : " (\(column.unit))"
        return Column(MarkdownText(plain: column.name + unit), column.kind == .text ? .left : .right)
      }, caption: caption)
    for row in table.rows { append(row.map(Self.text)) }
  }

  /// Adds a row of one text per column.
  ///
  /// - Parameters:
  ///   - row: one text per column.
  ///   - values: the numbers behind them, for columns of which the best is shown; nil for a row that does not compete,
  ///     such as a teacher among its students.
  public mutating func append(_ row: [MarkdownText], values: [Double?]? = nil) {
    precondition(row.count == columns.count, "ReportTable: \(row.count) texts for \(columns.count) columns")
    precondition(
      values.map { $0.count == columns.count } ?? true,
      "ReportTable: \(values?.count ?? 0) numbers for \(columns.count) columns")
    rows.append(row)
    self.values.append(values ?? Array(repeating: nil, count: columns.count))
  }

  /// The table in markdown, its columns padded so that it also reads well unrendered.
  var markdown: String {
    let titles = columns.map { Self.cell($0.title) }
    let cells = rows.map { $0.map(Self.cell) }
    let widths = columns.indices.map { column in
      max(3, titles[column].count, cells.map { $0[column].count }.max() ?? 0)
    }
    func line(_ row: [String]) -> String {
      let padded = columns.indices.map { i in
        let space = String(repeating: " ", count: widths[i] - row[i].count)
        return columns[i].alignment == .right ? space + row[i] : row[i] + space
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rules = columns.indices.map { i in
      let alignment = columns[i].alignment
      let left = alignment == .center ? ":" : "-"
      let right = alignment == .left ? "-" : ":"
      return left + String(repeating: "-", count: widths[i] - 2) + right
    }
    return ([line(titles), line(rules)] + cells.map(line)).joined(separator: "\n")
  }

  private static func text(of cell: Cell) -> MarkdownText {
    switch cell {
    case .number(let value): MarkdownText(plain: NumberFormat.significant(value))
    case .integer(let value): MarkdownText(plain: NumberFormat.count(value))
    case .text(let text): MarkdownText(plain: text)
    case .empty: "–"
    }
  }

  /// The text on one line with its pipes escaped, in code too, as the format asks.
  private static func cell(_ text: MarkdownText) -> String {
    var cell = ""
    var isEscaped = false
    for character in text.markdown.replacingLineEnds() {
      if character == "|", !isEscaped { cell += "\\" }
      cell.append(character)
      isEscaped = character == "\\" && !isEscaped
    }
    return cell
  }
}
