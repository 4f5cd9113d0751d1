import Statistics
import Support

/// What of a plain table is to be drawn; what is nil or empty is chosen by the columns' names and kinds.
public struct TableQuestion: Sendable, Equatable {
  /// A value that a column must have.
  public struct Condition: Sendable, Equatable {
    /// Name of the column.
    public let column: String
    /// The value, as it stands in the file.
    public let value: String

    /// - Parameters:
    ///   - column: name of the column.
    ///   - value: as it stands in the file.
    public init(column: String, value: String) {
      self.column = column
      self.value = value
    }
  }

  /// Column of the horizontal axis; one of texts gives bars.
  public var x: String?
  /// Columns of the vertical axis, one panel for each.
  public var y: [String] = []
  /// Columns whose values tell the series apart.
  public var groups: [String] = []
  /// Rows are kept whose column has the value.
  public var conditions: [Condition] = []
  /// Whether equal steps on the horizontal axis are equal factors.
  public var isLogarithmicX = false
  /// Whether equal steps on the vertical axis are equal factors.
  public var isLogarithmicY = false

  /// Nothing asked for yet.
  public init() {}
}

extension Table {
  /// - Throws: ``InputError`` that suggests the nearest name if there is no such column.
  func require(_ name: String, at place: String) throws {
    guard position(of: name) != nil else {
      throw InputError(place, "there is no column '\(name)'", remedy: nearest(name, in: columns.map(\.name)))
    }
  }

  /// The rows whose column has a value, as a number where the column holds numbers.
  func keeping(_ condition: TableQuestion.Condition, at place: String) throws -> Table {
    try require(condition.column, at: place)
    let number = Double(condition.value)
    let kept = filtered { row in
      let cell = row[condition.column]
      if let number, let own = cell.number { return own == number }
      return cell.description == condition.value
    }
    guard !kept.rows.isEmpty else {
      let known = values(condition.column).prefix(20).map(\.description)
      throw InputError(
        place, "no row has \(condition.column) \(condition.value)", remedy: nearest(condition.value, in: known))
    }
    return kept
  }
}
