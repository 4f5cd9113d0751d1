import Support

/// A tidy table: one row per observation, one column per variable, every column with its unit and meaning.
public struct Table: Sendable, Equatable {
  /// A variable: what its cells hold and mean.
  public struct Column: Sendable, Equatable, Codable {
    /// What the cells hold; any cell may also be empty.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      case number, integer, text
      /// A moment of a training in epochs: whole numbers stay whole.
      case moment
    }

    /// Snake-case, unique in its table.
    public let name: String
    /// What the cells hold.
    public let kind: Kind
    /// The unit ("nats", "epochs"); empty where the variable has none.
    public let unit: String
    /// One sentence: what the variable is.
    public let description: String

    /// - Parameters:
    ///   - name: snake-case, unique in its table.
    ///   - kind: what the cells hold.
    ///   - unit: the unit; empty where there is none.
    ///   - description: what the variable is.
    public init(_ name: String, _ kind: Kind, unit: String = "", _ description: String) {
      self.name = name
      self.kind = kind
      self.unit = unit
      self.description = description
    }
  }

  /// The variables, in order.
  public let columns: [Column]
  /// The observations; each has one cell per column, of the column's kind or empty.
  public private(set) var rows: [[Cell]] = []
  private let positions: [String: Int]

  /// An empty table.
  ///
  /// - Parameter columns: names must differ.
  public init(_ columns: [Column]) {
    self.columns = columns
    positions = Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    precondition(positions.count == columns.count, "Table: column names \(columns.map(\.name)) are not unique")
  }

  /// Adds an observation; a whole number becomes a number where the column holds numbers.
  ///
  /// - Parameter cells: one per column, of the column's kind or empty.
  public mutating func append(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "Table: \(cells.count) cells for \(columns.count) columns")
    rows.append(
      zip(cells, columns).map { cell, column in
        let fitted = cell.fitted(to: column.kind)
        precondition(fitted != nil, "Table: cell \(cell) in column '\(column.name)', which holds \(column.kind)")
        return fitted ?? .empty
      })
  }

  /// Adds the rows of another table, which must have the same columns.
  public mutating func append(contentsOf other: Table) {
    precondition(
      other.columns == columns, "Table: columns \(other.columns.map(\.name)) and \(columns.map(\.name)) differ")
    rows += other.rows
  }

  /// Adds rows whose cells are known to fit, unchecked.
  mutating func take(_ fitting: [[Cell]]) { rows += fitting }

  /// The column's place, if there is one of that name.
  public func position(of name: String) -> Int? { positions[name] }

  /// The column's place; the column must exist (programmer error otherwise).
  func requiredPosition(of name: String) -> Int {
    guard let position = positions[name] else {
      preconditionFailure("Table: no column '\(name)' among \(columns.map(\.name))")
    }
    return position
  }
}
