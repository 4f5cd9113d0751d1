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

/// The columns of a plain table that are drawn.
struct TableColumns {
  /// Names under which runs and images are told apart: they are repetitions, not quantities.
  private static let repetitions: Set = ["seed", "seeds", "image", "images", "index", "id", "row", "n", "count"]
  /// What usually stands on the horizontal axis, the most likely first.
  private static let usualX = ["epoch", "step", "iteration", "x", "threshold", "temperature", "time", "size"]
  /// What usually stands on the vertical axis.
  private static let usualY = ["value", "mean", "y", "accuracy", "test_accuracy", "loss"]
  /// Numbers that are conditions: values at different ones must not be averaged.
  private static let conditions: Set = ["threshold", "temperature", "layer", "panel", "series"]
  /// Ends of intervals, alone or behind the name of their column.
  private static let ends = [("low", "high"), ("lower", "upper"), ("ci_low", "ci_high"), ("ci_lower", "ci_upper")]
  private static let mostGroups = 12

  let x: String
  let y: [String]
  let groups: [String]
  private let table: Table

  /// - Parameters:
  ///   - table: already without the rows that are not asked for.
  ///   - question: what is asked for.
  ///   - place: what errors call the table.
  /// - Throws: ``InputError`` for a column that is not there or holds no numbers, or where nothing can be drawn.
  init(_ table: Table, _ question: TableQuestion, at place: String) throws {
    self.table = table
    for name in [question.x].compactMap(\.self) + question.y + question.groups { try table.require(name, at: place) }
    let numbers = table.columns.filter { column in
      column.kind != .text && table.cells(column.name).contains { $0.number?.isFinite ?? false }
    }.map(\.name)
    for name in question.y where !numbers.contains(name) {
      throw InputError(place, "column '\(name)' holds no numbers", remedy: nearest(name, in: numbers))
    }
    let isEnd = Set(Self.ends.flatMap { [$0.0, $0.1] })
    let quantities = numbers.filter { name in
      !Self.repetitions.contains(name) && !isEnd.contains(name)
        && !isEnd.contains { name.hasSuffix("_" + $0) } && !question.groups.contains(name)
        && !question.conditions.contains { $0.column == name }
    }
    let texts = table.columns.filter { $0.kind == .text }.map(\.name)
    let x =
      question.x ?? Self.usualX.first { quantities.contains($0) && !question.y.contains($0) } ?? texts.first
      ?? quantities.first { !question.y.contains($0) }
    let others = quantities.filter { $0 != x }
    let usual = Self.usualY.first { others.contains($0) } ?? others.first { !Self.conditions.contains($0) }
    let y = question.y.isEmpty ? [usual ?? others.first].compactMap(\.self) : question.y
    guard let x, !y.isEmpty, x != y[0] else {
      throw InputError(
        place, "there are not two columns to draw", remedy: "a column of numbers beside another column is needed")
    }
    self.x = x
    self.y = y
    groups = question.groups.isEmpty ? Self.distinguishing(table, except: [x] + y) : question.groups
  }

  /// The columns that hold the ends of a column's intervals; nil for none.
  func interval(of name: String) -> (low: String, high: String)? {
    let own = Self.ends.map { ("\(name)_\($0.0)", "\(name)_\($0.1)") }
    return (own + (y.count == 1 ? Self.ends : [])).first { low, high in
      [low, high].allSatisfy { table.position(of: $0) != nil } && name != low && name != high
    }
  }

  /// Whether a column says what a row is of; remarks and sentences do not.
  private static func isDistinction(_ column: Table.Column, in table: Table) -> Bool {
    guard column.kind == .text else { return conditions.contains(column.name) }
    return !column.name.hasPrefix("left_out") && table.values(column.name).allSatisfy { $0.description.count <= 40 }
  }

  /// Columns of texts and conditions with some different values, each of which tells rows apart that those before it
  /// do not.
  private static func distinguishing(_ table: Table, except used: [String]) -> [String] {
    var chosen: [String] = []
    var count = 1
    for column in table.columns where isDistinction(column, in: table) {
      guard !used.contains(column.name), (2...mostGroups).contains(table.values(column.name).count) else { continue }
      let combined = table.grouped(by: chosen + [column.name]).count
      guard combined > count else { continue }
      chosen.append(column.name)
      count = combined
    }
    return chosen
  }
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
