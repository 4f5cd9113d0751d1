/// What the fields of a column have in common, gathered field by field.
struct CSVColumn {
  let name: String
  private var count = 0
  private var hasQuoted = false
  private var numbers = 0
  private var hasFractions = false
  private var hasPoints = false
  private var commas: (line: Int, text: String)?
  private var grouped: (line: Int, text: String)?
  private var other: (line: Int, text: String)?

  init(_ name: String) { self.name = name }

  /// Takes a field that is not missing.
  mutating func take(_ text: String, isQuoted: Bool, line: Int) {
    count += 1
    if isQuoted { hasQuoted = true }
    // Nothing that is said of a column changes once it is known to be one of texts.
    if other != nil, isQuoted { return }
    if let number = CSVNumber.plain(text), !number.isNaN {
      if !isQuoted { numbers += 1 }
      if !hasFractions, Int(text) == nil { hasFractions = true }
      if !hasPoints, text.utf8.contains(0x2E) { hasPoints = true }
    } else if CSVNumber.withComma(text) != nil {
      commas = commas ?? (line, text)
    } else if other == nil, CSVNumber.isGrouped(text) {
      grouped = grouped ?? (line, text)
    } else if other == nil {
      other = (line, text)
    }
  }

  /// Whether its numbers have decimal commas.
  var hasDecimalCommas: Bool { commas != nil }

  /// What the column holds.
  ///
  /// - Parameters:
  ///   - rows: whether the table has any.
  ///   - quotesMean: whether a quoted field is a text whatever it looks like; never where separators are no commas.
  ///   - separator: of the file; between commas a decimal comma is an error.
  /// - Returns: the kind of all its cells.
  /// - Throws: ``CSVError`` for numbers that could be read in two ways.
  func kind(rows: Bool, quotesMean: Bool, separator: UInt8) throws(CSVError) -> Table.Column.Kind {
    guard count > 0 else { return rows ? .number : .text }
    guard other == nil else { return .text }
    if let grouped {
      throw CSVError(
        line: grouped.line, problem: "\(name) is '\(grouped.text)', a number with thousands set apart",
        remedy: "write it without, and with a decimal point")
    }
    if let commas {
      if separator == CSVFields.comma {
        throw CSVError(
          line: commas.line, problem: "\(name) is '\(commas.text)', a number with a comma",
          remedy: "write decimal points, or separate the columns by semicolons")
      }
      if hasPoints {
        throw CSVError(
          line: commas.line, problem: "\(name) is '\(commas.text)', and other rows have decimal points",
          remedy: "write one of them throughout")
      }
      return .number
    }
    return quotesMean && hasQuoted ? .text : hasFractions ? .number : .integer
  }

  /// The first text of a column that otherwise holds numbers, most of the time a slip of the pen.
  var doubt: CSVError? {
    guard let other, numbers >= 2, 2 * numbers >= count, !hasQuoted else { return nil }
    return CSVError(
      line: other.line, problem: "\(name) is '\(other.text.prefix(40))', and \(numbers) other rows have numbers",
      remedy: "leave the field empty where there is no value, or quote all fields of a column of texts")
  }
}
