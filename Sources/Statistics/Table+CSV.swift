extension Table {
  /// The table as comma-separated values (RFC 4180; lines end in LF): a header of names, then one line per row.
  ///
  /// Reads back equal: numbers are printed in their shortest form that reads back to the same value and always show
  /// that they are no whole numbers (1.0, 1e-07); the empty text and texts that would read as a number are quoted.
  public var csv: String {
    var csv = columns.map { Self.field($0.name) }.joined(separator: ",") + "\n"
    for row in rows {
      for (i, cell) in row.enumerated() {
        if i > 0 { csv += "," }
        if case .text(let text) = cell { csv += Self.field(text) } else { csv += "\(cell)" }
      }
      csv += "\n"
    }
    return csv
  }

  /// A field as RFC 4180 has it.
  package static func field(_ text: String) -> String {
    let special = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    let padded = text.first?.isWhitespace ?? false || text.last?.isWhitespace ?? false
    guard special || padded || text.isEmpty || Double(text) != nil else { return text }
    // Scalar by scalar: CR LF is one Character, and must come back as it went.
    var field = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { field += "\"" }
      field.unicodeScalars.append(scalar)
    }
    return field + "\""
  }
}
