import Support

/// Reads the JSON header of a safetensors file: exactly its grammar, nothing nested deeper, no key twice.
///
/// A general JSON reader would take 1.0 for an integer and keep one of two equal keys without a word.
struct HeaderScanner {
  /// One tensor as the header describes it.
  struct Entry {
    let name: String
    let type: StoredType
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var position = 0
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [Entry] = []

  /// - Throws: ``InputError`` naming the byte where the header is broken.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    self.bytes = bytes
    self.path = path
    try header()
  }

  private mutating func header() throws {
    var names: Set<String> = []
    var hasMetadata = false
    try object { scanner, key in
      if key == "__metadata__" {
        guard !hasMetadata else { throw scanner.broken("'__metadata__' occurs twice") }
        hasMetadata = true
        try scanner.metadataObject()
      } else {
        guard names.insert(key).inserted else { throw scanner.broken("tensor '\(key)' occurs twice") }
        scanner.entries.append(try scanner.tensor(named: key))
      }
    }
    skipSpace()
    guard position == bytes.count else { throw broken("there is something after the JSON object") }
  }

  private mutating func metadataObject() throws {
    try object { scanner, key in
      guard scanner.metadata[key] == nil else { throw scanner.broken("metadata key '\(key)' occurs twice") }
      scanner.skipSpace()
      guard scanner.peek() == UInt8(ascii: "\"") else { throw scanner.broken("metadata value of '\(key)' is no string") }
      scanner.metadata[key] = try scanner.string()
    }
  }

  private mutating func tensor(named name: String) throws -> Entry {
    var type: StoredType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { scanner, key in
      switch key {
      case "dtype" where type == nil:
        scanner.skipSpace()
        let text = try scanner.string()
        type = StoredType(rawValue: text)
        if type == nil { throw scanner.broken("tensor '\(name)' has the unknown type '\(text)'") }
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      default: throw scanner.broken("tensor '\(name)' has an unknown or repeated field '\(key)'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw broken("tensor '\(name)' lacks dtype, shape or two data_offsets")
    }
    return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// One object; `value` reads what stands behind each key.
  private mutating func object(_ value: (inout HeaderScanner, String) throws -> Void) throws {
    try expect("{")
    skipSpace()
    if peek() == UInt8(ascii: "}") { return position += 1 }
    while true {
      skipSpace()
      let key = try string()
      try expect(":")
      try value(&self, key)
      skipSpace()
      if peek() == UInt8(ascii: ",") {
        position += 1
        continue
      }
      return try expect("}")
    }
  }

  private mutating func integers() throws -> [Int] {
    var list: [Int] = []
    try expect("[")
    skipSpace()
    if peek() == UInt8(ascii: "]") {
      position += 1
      return list
    }
    while true {
      list.append(try integer())
      skipSpace()
      if peek() == UInt8(ascii: ",") {
        position += 1
        continue
      }
      try expect("]")
      return list
    }
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let start = position
    var value: UInt64 = 0
    while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carried) = scaled.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      guard !overflow, !carried else { throw broken("a number is above 2⁶⁴") }
      value = next
      position += 1
    }
    let digits = position - start
    guard digits > 0, digits == 1 || bytes[start] != UInt8(ascii: "0") else { throw broken("a whole number is expected") }
    if let byte = peek(), [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
      throw broken("a whole number is expected")
    }
    guard let number = Int(exactly: value) else { throw broken("the number \(value) is above 2⁶³ − 1") }
    return number
  }

  private mutating func string() throws -> String {
    guard peek() == UInt8(ascii: "\"") else { throw broken("a string is expected") }
    position += 1
    var text: [UInt8] = []
    while let byte = peek() {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw broken("a control character stands in a string")
      default: text.append(byte)
      }
    }
    throw broken("a string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    guard let byte = peek() else { throw broken("a string does not end") }
    position += 1
    let simple: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 8,
      UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]
    if let plain = simple[byte] { return text.append(plain) }
    guard byte == UInt8(ascii: "u") else { throw broken("an unknown escape stands in a string") }
    var unit = try hexadecimal()
    if 0xD800..<0xDC00 ~= unit {
      guard peek() == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
        throw broken("half of a surrogate pair stands alone")
      }
      position += 2
      let low = try hexadecimal()
      guard 0xDC00..<0xE000 ~= low else { throw broken("half of a surrogate pair stands alone") }
      unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(unit) else { throw broken("half of a surrogate pair stands alone") }
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw broken("an escape is broken") }
    position += 4
    return unit
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    skipSpace()
    guard peek() == UInt8(ascii: character) else { throw broken("'\(character)' is expected") }
    position += 1
  }

  private func broken(_ problem: String) -> InputError {
    InputError("\(path): byte \(8 + position)", "the header is broken: \(problem)", remedy: "write the file again")
  }
}
