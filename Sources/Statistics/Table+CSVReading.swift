import Support

extension Table {
  /// Reads comma-separated values whose columns are known, as ``csv`` writes them.
  ///
  /// - Parameters:
  ///   - csv: a header of exactly these names in this order, then one line per row.
  ///   - columns: what the file must hold.
  /// - Throws: ``CSVError`` with the line.
  public init(csv: String, columns: [Column]) throws(CSVError) {
    var reader = CSVFields(Array(csv.utf8))
    var fields: [CSVFields.Field] = []
    guard try reader.read(&fields) != nil else { throw .emptyFile }
    let names = fields.map(reader.text)
    guard names == columns.map(\.name) else {
      throw CSVError(
        line: 1, problem: "the columns are \(names.joined(separator: ", "))",
        remedy: "expected \(columns.map(\.name).joined(separator: ", "))")
    }
    self.init(columns)
    while let line = try reader.read(&fields) {
      try CSVError.require(fields.count, of: columns.count, line: line)
      var row: [Cell] = []
      for (field, column) in zip(fields, columns) {
        let text = reader.text(field)
        guard let cell = field.isMissing ? .empty : Self.cell(text, as: column.kind) else {
          throw CSVError(line: line, problem: "\(column.name) is '\(text)'", remedy: "it holds \(column.kind.article)")
        }
        row.append(cell)
      }
      take([row])
    }
  }

  /// Reads separated values of unknown columns; ``CSVReading`` says how.
  ///
  /// - Parameter csv: a header of names, then one line per row.
  /// - Throws: ``CSVError`` with the line.
  public init(csv: String) throws(CSVError) { self = try CSVReading(Array(csv.utf8)).table }

  private static func cell(_ text: String, as kind: Column.Kind) -> Cell? {
    switch kind {
    case .text: .text(text)
    case .integer: Int(text).map(Cell.integer)
    case .number: Double(text).map(Cell.number)
    case .moment: Moment(text).map { Cell($0) }
    }
  }
}

/// A table that any program may have written, read as pandas' `read_csv` reads it, but for what a figure would be wrong
/// by without a word.
///
/// Columns are separated by commas, semicolons or tabs, whichever fit the first lines; a first line `sep=;` decides.
/// A byte-order mark, blanks around unquoted fields and blank lines are dropped. Empty fields and unquoted `NA`, `n/a`,
/// `nan` and the other words that pandas knows are empty cells. A column of whole numbers holds integers, one of numbers
/// numbers, one with no value at all numbers, anything else texts. Between commas a quoted field is a text (a class
/// named "7" stays one), unless all fields of the file are quoted. Between semicolons and tabs numbers may have decimal
/// commas. A column without a name is called "Unnamed: 0", by its place.
///
/// Refused with the line, where pandas would fill up or make texts of numbers: rows of too few fields, numbers with
/// commas between commas, numbers with thousands set apart.
public struct CSVReading: Sendable {
  /// Cells of a table that are read: more would not fit into a gibibyte beside their text.
  public static let mostCells = 16_000_000
  /// Bytes of a field: a longer one is no name and no number but a quote that is not closed, or another kind of file.
  public static let longestField = 1 << 16

  /// The table; units and descriptions of its columns are empty.
  public let table: Table
  /// For columns of texts in which most fields are numbers: the first that is none.
  public let doubts: [String: CSVError]

  /// - Parameter bytes: UTF-8.
  /// - Throws: ``CSVError`` with the line.
  public init(_ bytes: [UInt8]) throws(CSVError) {
    let (separator, skipped) = Self.separator(bytes)
    let reader = CSVFields(bytes, separator: separator, trims: true)
    let (columns, kinds, rows) = try Self.survey(reader, skipped, separator)
    doubts = Dictionary(columns.compactMap { column in column.doubt.map { (column.name, $0) } }) { first, _ in first }
    var table = Table(zip(columns, kinds).map { Table.Column($0.name, $1, "") })
    var cells: [[Cell]] = []
    cells.reserveCapacity(rows)
    try Self.records(reader, skipped) { (reader, fields, _) throws(CSVError) in
      guard fields.count == columns.count else { return }
      cells.append(
        fields.indices.map { place in
          let field = fields[place]
          if field.isMissing { return .empty }
          let text = reader.text(field)
          if !field.isQuoted || kinds[place] != .text, CSVNumber.missing.contains(text) { return .empty }
          return Self.cell(text, kinds[place], hasDecimalCommas: columns[place].hasDecimalCommas)
        })
    }
    table.take(cells)
    self.table = table
  }

  /// What a first line `sep=;` says, or what fits the first lines, and how many lines of the former there are.
  private static func separator(_ bytes: [UInt8]) -> (UInt8, skipped: Int) {
    let head = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3).prefix(5) : bytes.prefix(5)
    if head.starts(with: Array("sep=".utf8)), let last = head.last, head.count == 5, last != 0x0A, last != 0x0D {
      return (last, 1)
    }
    return (CSVSeparator.found(in: bytes), 0)
  }

  /// Calls back for each record below the header that is not blank.
  private static func records(
    _ reader: CSVFields, _ skipped: Int,
    _ body: (CSVFields, [CSVFields.Field], _ line: Int) throws(CSVError) -> Void
  ) throws(CSVError) {
    var reader = reader
    var fields: [CSVFields.Field] = []
    var isHeader = true
    for _ in 0..<skipped { _ = try reader.read(&fields) }
    while let line = try reader.read(&fields) {
      if fields.count == 1, fields[0].isMissing { continue }
      if isHeader { isHeader = false } else { try body(reader, fields, line) }
    }
  }

  /// The columns with what their fields are.
  private static func survey(
    _ reader: CSVFields, _ skipped: Int, _ separator: UInt8
  ) throws(CSVError) -> ([CSVColumn], [Table.Column.Kind], rows: Int) {
    var columns = try header(reader, skipped).map { CSVColumn($0) }
    var rows = 0
    var hasUnquoted = false
    try records(reader, skipped) { (reader, fields, line) throws(CSVError) in
      try CSVError.require(fields.count, of: columns.count, line: line)
      try CSVError.requireShort(fields, line: line)
      rows += 1
      guard rows * columns.count <= mostCells else {
        throw CSVError(
          line: line, problem: "the table has more than \(mostCells / 1_000_000) million cells",
          remedy: "keep the columns and rows that are needed")
      }
      for (place, field) in fields.enumerated() where !field.isMissing {
        let text = reader.text(field)
        if !field.isQuoted { hasUnquoted = true }
        // pandas takes a quoted NA for a missing value too; here a column of texts keeps it.
        if text.isEmpty || CSVNumber.missing.contains(text) { continue }
        columns[place].take(text, isQuoted: field.isQuoted, line: line)
      }
    }
    var kinds: [Table.Column.Kind] = []
    for column in columns {
      kinds.append(
        try column.kind(
          rows: rows > 0, quotesMean: hasUnquoted && separator == CSVFields.comma, separator: separator))
    }
    return (columns, kinds, rows)
  }

  private static func header(_ reader: CSVFields, _ skipped: Int) throws(CSVError) -> [String] {
    var reader = reader
    var fields: [CSVFields.Field] = []
    for _ in 0..<skipped { _ = try reader.read(&fields) }
    while let line = try reader.read(&fields) {
      if fields.count == 1, fields[0].isMissing { continue }
      try CSVError.requireShort(fields, line: line)
      let names = fields.enumerated().map { place, field in
        field.range.isEmpty ? "Unnamed: \(place)" : reader.text(field)
      }
      guard Set(names).count == names.count else {
        throw CSVError(line: line, problem: "two columns have the same name", remedy: "names must differ")
      }
      return names
    }
    throw .emptyFile
  }

  private static func cell(_ text: String, _ kind: Table.Column.Kind, hasDecimalCommas: Bool) -> Cell {
    switch kind {
    case .text: .text(text)
    case .integer: Int(text).map(Cell.integer) ?? .empty
    case .moment: Cell(Moment(text))
    case .number:
      (CSVNumber.plain(text) ?? (hasDecimalCommas ? CSVNumber.withComma(text) : nil)).map(Cell.number) ?? .empty
    }
  }
}

extension CSVFields.Field {
  fileprivate var isMissing: Bool { range.isEmpty && !isQuoted }
}

extension CSVError {
  fileprivate static let emptyFile = CSVError(
    line: 1, problem: "the file is empty", remedy: "the first line holds the columns' names")

  fileprivate static func requireShort(_ fields: [CSVFields.Field], line: Int) throws(CSVError) {
    guard let long = fields.first(where: { $0.range.count > CSVReading.longestField }) else { return }
    throw CSVError(
      line: line, problem: "a field has \(long.range.count) bytes",
      remedy: "a field has at most \(CSVReading.longestField); is a quote not closed?")
  }

  fileprivate static func require(_ found: Int, of expected: Int, line: Int) throws(CSVError) {
    guard found != expected else { return }
    throw CSVError(
      line: line, problem: "the line has \(found) \(found == 1 ? "field" : "fields")",
      remedy: "the header has \(expected)")
  }
}

extension Table.Column.Kind {
  fileprivate var article: String {
    switch self {
    case .number: "a number"
    case .integer: "a whole number"
    case .moment: "a number of epochs"
    case .text: "a text"
    }
  }
}
