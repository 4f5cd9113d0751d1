import Foundation
import Support

/// What an .npy file says of itself: versions 1 to 3 of the format.
struct NumPyHeader {
  let type: NumPyType
  /// Whether the first index runs fastest.
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the data begin.
  let dataStart: Int
  /// Bytes of data.
  let dataCount: Int

  /// NumPy's own limit.
  private static let longest = 10_000
  private static let repair = "it is damaged or no array of NumPy: write it again with numpy.save"

  /// - Parameters:
  ///   - data: the whole file, indices from 0.
  ///   - path: for error lines.
  /// - Throws: ``InputError`` naming the byte or the field. Sizes are held against the file's length.
  init(_ data: Data, path: String) throws {
    guard data.count >= 10, data.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw InputError(path, "does not begin as an .npy file", remedy: Self.repair)
    }
    let version = data[6]
    guard (1...3).contains(version), data[7] == 0 else {
      throw InputError("\(path): byte 6", "is version \(version).\(data[7])", remedy: "versions 1.0 to 3.0 are read")
    }
    let width = version == 1 ? 2 : 4
    guard data.count >= 8 + width else {
      throw InputError("\(path): byte \(data.count)", "the header is cut short", remedy: Self.repair)
    }
    let length = (0..<width).reduce(0) { $0 | Int(data[8 + $1]) << (8 * $1) }
    guard length <= Self.longest else {
      throw InputError("\(path): byte 8", "the header has \(length) bytes", remedy: "at most \(Self.longest) are read")
    }
    dataStart = 8 + width + length
    guard dataStart <= data.count else {
      throw InputError("\(path): byte \(data.count)", "the header is cut short", remedy: Self.repair)
    }
    var text = PythonText(Array(data[8 + width..<dataStart]), origin: 8 + width, path: path)
    let fields = try text.fields()
    type = try NumPyType(code: fields.descr, at: path)
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    var count = type.stored.bits / 8
    for extent in shape where extent > 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw InputError(path, "the shape \(shape) has more elements than any memory", remedy: Self.repair)
      }
      count = product
    }
    dataCount = shape.contains(0) ? 0 : count
    guard dataCount == data.count - dataStart else {
      throw InputError(
        path, "has \(data.count - dataStart) bytes of data where \(shape) of \(fields.descr) needs \(dataCount)",
        remedy: dataCount > data.count - dataStart ? "it is cut short: fetch or write it again" : Self.repair)
    }
  }
}

/// The header's Python dictionary: exactly the keys descr, fortran_order and shape, in any order.
private struct PythonText {
  private let bytes: [UInt8]
  private let origin: Int
  private let path: String
  private var position = 0

  init(_ bytes: [UInt8], origin: Int, path: String) {
    self.bytes = bytes
    self.origin = origin
    self.path = path
  }

  struct Fields {
    var descr: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  mutating func fields() throws -> Fields {
    var (descr, order, shape): (String?, Bool?, [Int]?)
    try expect("{")
    while !skip("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try typeCode()
      case "fortran_order" where order == nil: order = try flag()
      case "shape" where shape == nil: shape = try extents()
      default: throw broken("has the unknown or repeated key \(inQuotes(key))")
      }
      guard skip(",") || peek == UInt8(ascii: "}") else { throw broken("goes on without a comma") }
    }
    skipSpace()
    guard position == bytes.count else { throw broken("goes on behind its dictionary") }
    guard let descr, let order, let shape else { throw broken("lacks descr, fortran_order or shape") }
    return Fields(descr: descr, isFortranOrder: order, shape: shape)
  }

  private func broken(_ problem: String) -> InputError {
    InputError(
      "\(path): byte \(origin + position)", "the header \(problem)",
      remedy: "such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), } is expected")
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: sign) else { return false }
    position += 1
    skipSpace()
    return true
  }

  private mutating func expect(_ sign: Unicode.Scalar) throws {
    guard skip(sign) else { throw broken("has no '\(sign)' here") }
  }

  private mutating func string() throws -> String {
    skipSpace()
    guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw broken("has no text here")
    }
    guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { throw broken("has a text without end") }
    let content = bytes[position + 1..<end]
    guard content.allSatisfy({ $0 != UInt8(ascii: "\\") && (0x20..<0x7F).contains($0) }) else {
      throw broken("has a text with escapes or signs beyond ASCII")
    }
    position = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func typeCode() throws -> String {
    if peek == UInt8(ascii: "[") {
      throw InputError(path, "holds records of several fields", remedy: "save each field as an array of numbers")
    }
    return try string()
  }

  private mutating func flag() throws -> Bool {
    for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw broken("has neither True nor False")
  }

  private mutating func extents() throws -> [Int] {
    var shape: [Int] = []
    try expect("(")
    while !skip(")") {
      var digits: [UInt8] = []
      while let byte = peek, (0x30...0x39).contains(byte) {
        digits.append(byte)
        position += 1
      }
      guard let extent = Int(String(decoding: digits, as: UTF8.self)) else {
        throw broken(peek == UInt8(ascii: "-") ? "has a negative extent" : "has an extent that is no whole number")
      }
      // Python 2 wrote long numbers so.
      _ = skip("L")
      shape.append(extent)
      guard skip(",") || peek == UInt8(ascii: ")") else { throw broken("has a shape without commas") }
      guard shape.count <= 32 else { throw broken("has more than 32 axes") }
    }
    return shape
  }
}
