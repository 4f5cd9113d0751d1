/// What is wrong in a text of separated values, and where.
public struct CSVError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Line of the text, from 1.
  public let line: Int
  /// What is wrong there, in words.
  public let problem: String
  /// What would be right, in words.
  public let remedy: String

  /// "line 3: …; …".
  public var description: String { "line \(line): \(problem); \(remedy)" }
}

/// The records of a text of separated values (RFC 4180), field by field and without copies.
///
/// Lines end in LF, CR LF or CR. A quote opens a quoted field at its beginning only, as pandas has it.
struct CSVFields {
  struct Field {
    /// Where its bytes stand, quotes around it left out.
    var range: Range<Int>
    /// A quoted field is a text whatever it looks like, and an empty one is a text of no characters.
    var isQuoted: Bool
    /// Whether quotes inside of it are doubled.
    var isEscaped = false
  }

  static let comma: UInt8 = 0x2C
  private static let quote: UInt8 = 0x22
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private let bytes: [UInt8]
  private let separator: UInt8
  private let trims: Bool
  private var next = 0
  private var line = 1

  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - separator: what stands between fields.
  ///   - trims: whether blanks around unquoted fields are dropped.
  init(_ bytes: [UInt8], separator: UInt8 = comma, trims: Bool = false) {
    self.bytes = bytes
    self.separator = separator
    self.trims = trims
    // Spreadsheet programs put a byte-order mark first.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
  }

  /// The text of a field.
  func text(_ field: Field) -> String {
    let text = String(decoding: bytes[field.range], as: UTF8.self)
    return field.isEscaped ? text.replacing("\"\"", with: "\"") : text
  }

  /// Reads the next record.
  ///
  /// - Parameter fields: its fields, in place of what it held.
  /// - Returns: the line it begins in; nil at the end.
  /// - Throws: ``CSVError`` for a quoted field that does not end.
  mutating func read(_ fields: inout [Field]) throws(CSVError) -> Int? {
    fields.removeAll(keepingCapacity: true)
    guard next < bytes.count else { return nil }
    let start = line
    while true {
      fields.append(try field())
      guard next < bytes.count else { break }
      let byte = bytes[next]
      next += 1
      if byte == separator { continue }
      if byte == Self.carriageReturn, next < bytes.count, bytes[next] == Self.lineFeed { next += 1 }
      line += 1
      break
    }
    return start
  }

  private func isBlank(_ byte: UInt8) -> Bool { (byte == 0x20 || byte == 0x09) && byte != separator }

  private func isEnd(_ place: Int) -> Bool {
    place >= bytes.count || bytes[place] == separator || bytes[place] == Self.lineFeed
      || bytes[place] == Self.carriageReturn
  }

  /// Reads up to a separator or line end, which stays unread.
  private mutating func field() throws(CSVError) -> Field {
    if trims { while next < bytes.count, isBlank(bytes[next]) { next += 1 } }
    if next < bytes.count, bytes[next] == Self.quote { return try quotedField() }
    let start = next
    while !isEnd(next) { next += 1 }
    var end = next
    if trims { while end > start, isBlank(bytes[end - 1]) { end -= 1 } }
    return Field(range: start..<end, isQuoted: false)
  }

  private mutating func quotedField() throws(CSVError) -> Field {
    let opened = line
    var isEscaped = false
    next += 1
    let start = next
    while next < bytes.count {
      let byte = bytes[next]
      next += 1
      if byte == Self.lineFeed { line += 1 }
      guard byte == Self.quote else { continue }
      if next < bytes.count, bytes[next] == Self.quote {
        isEscaped = true
        next += 1
        continue
      }
      let end = next - 1
      if trims { while next < bytes.count, isBlank(bytes[next]) { next += 1 } }
      guard isEnd(next) else {
        throw CSVError(line: line, problem: "text after a closing quote", remedy: "double the quotes inside a field")
      }
      return Field(range: start..<end, isQuoted: true, isEscaped: isEscaped)
    }
    throw CSVError(line: opened, problem: "a quote is never closed", remedy: "the file may be truncated")
  }
}
