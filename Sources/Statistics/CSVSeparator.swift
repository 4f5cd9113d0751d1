/// What stands between the fields of a text: commas, semicolons or tabs.
enum CSVSeparator {
  private static let candidates: [UInt8] = [CSVFields.comma, 0x3B, 0x09]
  private static let sampled = 50

  /// How well a text is read with a separator; the larger the better.
  private struct Fit: Comparable {
    let isEven: Bool
    let numbers: Double
    let columns: Int

    static func < (a: Fit, b: Fit) -> Bool {
      (a.isEven ? 1 : 0, a.numbers, a.columns) < (b.isEven ? 1 : 0, b.numbers, b.columns)
    }
  }

  /// The separator that gives the first lines equally many fields, most of them numbers; a comma where none does.
  static func found(in bytes: [UInt8]) -> UInt8 {
    var best: (separator: UInt8, fit: Fit)?
    for candidate in candidates {
      guard let fit = fit(bytes, candidate), best.map({ fit > $0.fit }) ?? true else { continue }
      best = (candidate, fit)
    }
    return best?.separator ?? CSVFields.comma
  }

  private static func fit(_ bytes: [UInt8], _ separator: UInt8) -> Fit? {
    var reader = CSVFields(bytes, separator: separator, trims: true)
    var fields: [CSVFields.Field] = []
    guard (try? reader.read(&fields)) != nil, fields.count > 1 else { return nil }
    let columns = fields.count
    var isEven = true
    var (numbers, others) = (0, 0)
    for _ in 0..<sampled {
      guard let line = try? reader.read(&fields), line > 0 else { break }
      if fields.count == 1, fields[0].range.isEmpty { continue }
      if fields.count != columns { isEven = false }
      for field in fields where !field.range.isEmpty && field.range.count < 40 {
        let text = reader.text(field)
        let isNumber =
          CSVNumber.plain(text) != nil || separator != CSVFields.comma && CSVNumber.withComma(text) != nil
        if isNumber { numbers += 1 } else { others += 1 }
      }
    }
    return Fit(isEven: isEven, numbers: Double(numbers) / Double(max(1, numbers + others)), columns: columns)
  }
}
