extension Table {
  /// Reads comma-separated values whose columns are known.
  ///
  /// - Parameters:
  ///   - csv: a header of exactly these names in this order, then one line per row.
  ///   - columns: what the file must hold.
  /// - Throws: ``CSVError`` with the line.
  public init(csv: String, columns: [Column]) throws(CSVError) {
    var reader = CSVFields(csv)
    let names = try Self.header(&reader)
    guard names == columns.map(\.name) else {
      throw CSVError(
        line: 1, problem: "the columns are \(names.joined(separator: ", "))",
        remedy: "expected \(columns.map(\.name).joined(separator: ", "))")
    }
    self.init(columns)
    while let record = try Self.record(&reader, columns.count) {
      var row: [Cell] = []
      for (field, column) in zip(record.fields, columns) {
        guard let cell = Self.cell(field, as: column.kind) else {
          throw CSVError(
            line: record.line, problem: "\(column.name) is '\(field.text)'", remedy: "it holds \(column.kind.article)")
        }
        row.append(cell)
      }
      take([row])
    }
  }

  /// Reads comma-separated values of unknown columns: a column whose fields are all unquoted whole numbers holds
  /// integers, all unquoted numbers numbers, anything else texts. Units and descriptions are empty.
  ///
  /// - Parameter csv: a header of names, then one line per row.
  /// - Throws: ``CSVError`` with the line.
  public init(csv: String) throws(CSVError) {
    var reader = CSVFields(csv)
    let names = try Self.header(&reader)
    var records: [CSVFields.Record] = []
    while let record = try Self.record(&reader, names.count) { records.append(record) }
    let kinds = names.indices.map { column in Self.kind(of: records.lazy.map { $0.fields[column] }) }
    self.init(zip(names, kinds).map { Column($0, $1, "") })
    for record in records { take([zip(record.fields, kinds).map { Self.cell($0, as: $1) ?? .empty }]) }
  }

  private static func header(_ reader: inout CSVFields) throws(CSVError) -> [String] {
    guard let names = try reader.record()?.fields.map(\.text) else {
      throw CSVError(line: 1, problem: "the file is empty", remedy: "the first line holds the columns' names")
    }
    guard Set(names).count == names.count else {
      throw CSVError(line: 1, problem: "two columns have the same name", remedy: "names must differ")
    }
    return names
  }

  private static func record(_ reader: inout CSVFields, _ count: Int) throws(CSVError) -> CSVFields.Record? {
    guard let record = try reader.record() else { return nil }
    guard record.fields.count == count else {
      throw CSVError(
        line: record.line, problem: "the line has \(record.fields.count) fields", remedy: "the header has \(count)")
    }
    return record
  }

  private static func kind(of fields: some Sequence<CSVFields.Field>) -> Column.Kind {
    var kind: Column.Kind?
    for field in fields where field.quoted || !field.text.isEmpty {
      guard !field.quoted, Double(field.text) != nil else { return .text }
      if Int(field.text) == nil { kind = .number }
      kind = kind ?? .integer
    }
    return kind ?? .text
  }

  private static func cell(_ field: CSVFields.Field, as kind: Column.Kind) -> Cell? {
    if field.text.isEmpty, !field.quoted { return .empty }
    return switch kind {
    case .text: .text(field.text)
    case .integer: Int(field.text).map(Cell.integer)
    case .number: Double(field.text).map(Cell.number)
    }
  }
}

extension Table.Column.Kind {
  fileprivate var article: String {
    switch self {
    case .number: "a number"
    case .integer: "a whole number"
    case .text: "a text"
    }
  }
}
