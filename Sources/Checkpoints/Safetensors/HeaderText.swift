import Support

/// The words of a safetensors header: strings, whole numbers and signs, with the place of each for errors.
struct HeaderText {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  /// Of the next byte, from the header's first.
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// An error whose place is a byte of the file; at the next byte unless told otherwise.
  func broken(_ problem: String, _ remedy: String, at place: Int? = nil) -> InputError {
    InputError("\(path): byte \(8 + (place ?? position))", "invalid header: \(problem)", remedy: remedy)
  }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Steps over a sign, and the space before it, if it comes next.
  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  /// Steps over a word, and the space before it, if it comes next.
  mutating func skipWord(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  mutating func expect(_ sign: Unicode.Scalar) throws {
    guard skip(sign) else { throw broken("\(found) comes next", "'\(sign)' is expected") }
  }

  /// Only space may follow the object.
  mutating func end() throws {
    skipSpace()
    guard next == nil else { throw broken("\(found) behind the JSON object", "only space may follow it") }
  }

  /// A whole number without sign, fraction or exponent.
  mutating func integer(in meaning: @autoclosure () -> String) throws -> UInt64 {
    skipSpace()
    let start = position
    var value: UInt64 = 0
    while let byte = next, 0x30...0x39 ~= byte {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = scaled.addingReportingOverflow(UInt64(byte - 0x30))
      guard !overflow, !carried else {
        throw broken("a number of 2⁶⁴ or more in \(meaning())", "sizes must fit into 64 bits", at: start)
      }
      value = sum
      position += 1
    }
    let digits = position - start
    let goesOn = next == UInt8(ascii: ".") || next == UInt8(ascii: "e") || next == UInt8(ascii: "E")
    guard digits > 0, digits == 1 || bytes[start] != 0x30, !goesOn else {
      throw broken("\(meaning()) has something else than whole numbers", "such as 64 are expected", at: start)
    }
    return value
  }

  /// A string with its escapes resolved.
  mutating func string(as meaning: @autoclosure () -> String) throws -> String {
    skipSpace()
    let start = position
    guard next == UInt8(ascii: "\"") else { throw broken("\(meaning()) begins with \(found)", "a string is expected") }
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &content)
      case 0..<0x20:
        throw broken("a control character in a string", "write it as \\u00XX", at: position - 1)
      default: content.append(byte)
      }
    }
    throw broken("\(meaning()) does not end", "a closing quotation mark is expected", at: start)
  }

  private mutating func escape(into content: inout [UInt8]) throws {
    let start = position - 1
    let letter = next
    position += 1
    switch letter {
    case UInt8(ascii: "\""): content.append(0x22)
    case UInt8(ascii: "\\"): content.append(0x5C)
    case UInt8(ascii: "/"): content.append(0x2F)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content.append(contentsOf: Array(String(try codePoint(from: start)).utf8))
    default: throw broken("an unknown escape in a string", "JSON's escapes are expected", at: start)
    }
  }

  /// The four digits behind `\u`, and the second half where they are half of a pair.
  private mutating func codePoint(from start: Int) throws -> Character {
    var unit = try hexadecimal(from: start)
    if 0xD800..<0xDC00 ~= unit, position + 1 < bytes.count, bytes[position] == 0x5C, bytes[position + 1] == 0x75 {
      position += 2
      let low = try hexadecimal(from: start)
      // A first half that stays alone falls through to the error below.
      if 0xDC00..<0xE000 ~= low { unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(unit) else {
      throw broken("half of a surrogate pair alone in a string", "both halves are expected", at: start)
    }
    return Character(scalar)
  }

  private mutating func hexadecimal(from start: Int) throws -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw broken("a broken escape in a string", "\\u and four hexadecimal digits are expected", at: start)
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// What stands at the next byte, in words.
  private var found: String {
    guard let next else { return "the end of the header" }
    return 0x21...0x7E ~= next ? "'\(Character(Unicode.Scalar(next)))'" : "byte 0x\(String(next, radix: 16))"
  }
}
