/// What is wrong in a text of comma-separated values, and where.
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

/// The records of a text of comma-separated values (RFC 4180; lines end in LF or CR LF).
struct CSVFields {
  struct Field {
    var text: String
    /// A quoted field is a text whatever it looks like, and an empty one is a text of no characters.
    var quoted: Bool
  }

  struct Record {
    var line: Int
    var fields: [Field]
  }

  private let bytes: [UInt8]
  private var next = 0
  private var line = 1

  init(_ text: String) {
    bytes = Array(text.utf8)
    // Spreadsheet programs put a byte-order mark first.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
  }

  /// The next record, or nil at the end.
  mutating func record() throws(CSVError) -> Record? {
    guard next < bytes.count else { return nil }
    let start = line
    var fields: [Field] = []
    while true {
      fields.append(try field())
      guard next < bytes.count else { break }
      let separator = bytes[next]
      next += 1
      if separator == 0x0A {
        line += 1
        break
      }
    }
    return Record(line: start, fields: fields)
  }

  /// Reads up to a comma or LF, which stays unread; a CR before the LF is dropped.
  private mutating func field() throws(CSVError) -> Field {
    if next < bytes.count, bytes[next] == 0x22 { return try quotedField() }
    let start = next
    while next < bytes.count, bytes[next] != 0x2C, bytes[next] != 0x0A {
      guard bytes[next] != 0x22 else {
        throw CSVError(line: line, problem: "a quote inside an unquoted field", remedy: "quote the whole field")
      }
      next += 1
    }
    var end = next
    if next == bytes.count || bytes[next] == 0x0A, end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return Field(text: String(decoding: bytes[start..<end], as: UTF8.self), quoted: false)
  }

  private mutating func quotedField() throws(CSVError) -> Field {
    let opened = line
    var text: [UInt8] = []
    next += 1
    while next < bytes.count {
      let byte = bytes[next]
      next += 1
      if byte != 0x22 {
        if byte == 0x0A { line += 1 }
        text.append(byte)
        continue
      }
      if next < bytes.count, bytes[next] == 0x22 {
        text.append(0x22)
        next += 1
        continue
      }
      if next + 1 < bytes.count, bytes[next] == 0x0D, bytes[next + 1] == 0x0A { next += 1 }
      guard next == bytes.count || bytes[next] == 0x2C || bytes[next] == 0x0A else {
        throw CSVError(line: line, problem: "text after a closing quote", remedy: "double the quotes inside a field")
      }
      return Field(text: String(decoding: text, as: UTF8.self), quoted: true)
    }
    throw CSVError(line: opened, problem: "a quote is never closed", remedy: "the file may be truncated")
  }
}
