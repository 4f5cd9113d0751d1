/// What the text of a field can be: the forms of numbers and of missing values that programs write into tables.
enum CSVNumber {
  /// What pandas' `read_csv` takes for a missing value (its `na_values`, version 3), beside the empty field.
  static let missing: Set = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
    "NaN", "None", "n/a", "nan", "null",
  ]

  /// A number with a decimal point, or infinity; nil for other texts, hexadecimal numbers among them.
  static func plain(_ text: String) -> Double? {
    guard let first = text.utf8.first else { return nil }
    // A look at one byte spares the search through texts.
    let digits: ClosedRange<UInt8> = 0x30...0x39
    let isSign = first == 0x2B || first == 0x2D
    guard digits.contains(first) || isSign || first == 0x2E || first | 0x20 == 0x69,
      !text.utf8.contains(where: { $0 | 0x20 == 0x78 })
    else { return nil }
    return Double(text)
  }

  /// A number with a decimal comma: "1,5", "-0,25e-3".
  static func withComma(_ text: String) -> Double? {
    guard text.utf8.count(where: { $0 == CSVFields.comma }) == 1, !text.utf8.contains(0x2E),
      let comma = text.firstIndex(of: ","), text[text.index(after: comma)...].first?.isASCIIDigit ?? false
    else { return nil }
    return plain(text.replacing(",", with: "."))
  }

  /// Whether a text is a number with thousands set apart: "1,234.5", "1.234,5", "1 234", "1'234".
  static func isGrouped(_ text: String) -> Bool {
    guard let first = text.utf8.first(where: { $0 != 0x2B && $0 != 0x2D }), (0x30...0x39).contains(first) else {
      return false
    }
    return text.wholeMatch(of: #/[+-]?[0-9]{1,3}(?:[.,' \u{A0}\u{202F}][0-9]{3})+(?:[.,][0-9]+)?/#) != nil
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
