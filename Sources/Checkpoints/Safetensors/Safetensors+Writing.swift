import Foundation
import Support

extension Safetensors {
  /// Writes the file as the reference does: widest types first, then by name, header padded to 8 bytes.
  ///
  /// - Parameters:
  ///   - url: where it goes.
  ///   - isSealed: whether a checksum of the data is put into the metadata, which reading then holds against them.
  /// - Throws: as ``AtomicFile``; the old file, if any, is then untouched.
  public func write(to url: URL, isSealed: Bool = false) throws {
    let order = Dictionary(StoredType.allCases.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let sorted = tensors.sorted { a, b in
      let (x, y) = (order[a.type] ?? 0, order[b.type] ?? 0)
      return x != y ? x > y : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
    var metadata = metadata
    if isSealed { metadata[DataSeal.key] = DataSeal.of(sorted.lazy.map(\.bytes)) }
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var position = 0
    for tensor in sorted {
      let end = position + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    try AtomicFile.write(to: url) { descriptor in
      try withUnsafeBytes(of: UInt64(header.count).littleEndian) {
        try AtomicFile.writeAll($0, to: descriptor, path: url.path)
      }
      try header.withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
      for tensor in sorted {
        try tensor.bytes.withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
      }
    }
  }
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{8}": result += "\\b"
    case "\u{C}": result += "\\f"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\u{0}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
