import Support

/// One cell of a table.
public enum Cell: Sendable, Hashable {
  /// A real number, in the column's unit.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// A text; the empty text is not the empty cell.
  case text(String)
  /// No value: does not exist, or was left out.
  case empty

  /// A number, or empty for nil.
  public init(_ value: Double?) { self = value.map(Cell.number) ?? .empty }

  /// A single-precision number by its own shortest decimal form, so that 0.1 does not become 0.10000000149.
  public init(_ value: Float) { self = .number(Double("\(value)") ?? Double(value)) }

  /// A whole number, or empty for nil.
  public init(_ value: Int?) { self = value.map(Cell.integer) ?? .empty }

  /// A moment of a training: whole where it is the end of an epoch; empty for nil.
  public init(_ moment: Moment?) {
    self = moment.map { moment in moment.wholeEpoch.map(Cell.integer) ?? .number(moment.epochs) } ?? .empty
  }

  /// A text, or empty for nil.
  public init(_ value: String?) { self = value.map(Cell.text) ?? .empty }

  /// The number, whole or not; nil for texts and empty cells.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .text, .empty: nil
    }
  }

  /// The whole number; nil for anything else.
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The text; nil for anything else.
  public var text: String? { if case .text(let value) = self { value } else { nil } }

  /// The cell as a column of the kind holds it; nil where it cannot.
  func fitted(to kind: Table.Column.Kind) -> Cell? {
    switch (self, kind) {
    case (.empty, _), (.number, .number), (.integer, .integer), (.text, .text), (.number, .moment),
      (.integer, .moment):
      self
    case (.integer(let value), .number): .number(Double(value))
    default: nil
    }
  }
}

extension Cell: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByNilLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// A real number.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// The empty cell.
  public init(nilLiteral: ()) { self = .empty }
}

extension Cell: CustomStringConvertible {
  /// The value as it stands in a CSV file, without quotes; numbers in their shortest form that reads back equal.
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .text(let value): value
    case .empty: ""
    }
  }
}
