import Foundation
import Support

/// What a safetensors file says of itself: metadata, and name, type, shape and place of each tensor.
public struct SafetensorsHeader: Sendable, Equatable {
  /// One tensor as the header describes it.
  public struct Entry: Sendable, Equatable {
    /// Name of the tensor.
    public let name: String
    /// Element type.
    public let type: StoredType
    /// Extents; empty for a scalar.
    public let shape: [Int]
    /// Where its elements lie, in bytes from the file's first.
    public let bytes: Range<Int>
  }

  /// Free text entries.
  public let metadata: [String: String]
  /// The tensors, in the order of their data.
  public let entries: [Entry]

  private static let limit = 100_000_000

  /// Reads and checks the header of a whole file, and says of another kind of file what it is.
  ///
  /// - Throws: ``InputError``.
  init(_ data: Data, orForeign path: String) throws {
    do {
      try self.init(data, path: path)
    } catch {
      throw ForeignFile.error(data, path: path) ?? error
    }
  }

  /// Reads and checks the header of a whole file.
  ///
  /// - Throws: ``InputError``, a different one for each check of the format.
  init(_ data: Data, path: String) throws {
    guard data.count >= 8 else {
      throw InputError(
        path, "the file has \(data.count) bytes, too few for a header", remedy: "a safetensors file is expected")
    }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= SafetensorsHeader.limit else {
      throw InputError(
        "\(path): byte 0", "a header of \(length) bytes is claimed, above the limit of \(SafetensorsHeader.limit)",
        remedy: "a safetensors file is expected")
    }
    let start = 8 + Int(length)
    guard start <= data.count else {
      throw InputError(
        "\(path): byte 0", "a header of \(length) bytes is claimed, but the file has only \(data.count) bytes",
        remedy: "the download is probably incomplete, or this is no safetensors file")
    }
    let (found, described) = try data.withUnsafeBytes { raw in
      let header = UnsafeRawBufferPointer(rebasing: raw[8..<start])
      guard let invalid = firstInvalidByte(of: header) else {
        let scanner = try HeaderScanner(header, path: path)
        return (scanner.metadata, scanner.entries)
      }
      throw InputError(
        "\(path): byte \(8 + invalid)", "the header is not UTF-8", remedy: "a safetensors file is expected")
    }
    let sorted = described.sorted { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    metadata = found
    entries = try placed(sorted, dataStart: start, fileCount: data.count, path: path)
  }
}

/// Offsets must tile the data exactly, and agree with shapes and types.
private func placed(_ sorted: [HeaderScanner.Entry], dataStart: Int, fileCount: Int, path: String) throws
  -> [SafetensorsHeader.Entry]
{
  var position: UInt64 = 0
  var list: [(HeaderScanner.Entry, shape: [Int])] = []
  for entry in sorted {
    func wrong(_ problem: String, _ remedy: String) -> InputError {
      InputError("\(path): tensor \(inQuotes(entry.name))", problem, remedy: remedy)
    }
    var offsets: String { "data_offsets [\(entry.begin), \(entry.end)]" }
    var kind: String { "\(entry.type.rawValue) \(shown(entry.shape))" }
    guard entry.begin == position else {
      let problem = entry.begin > position ? "leave a hole" : "overlap the tensor before"
      throw wrong("\(offsets) \(problem)", "they must begin at \(position)")
    }
    guard entry.end >= entry.begin else {
      throw wrong("\(offsets) end before they begin", "end must be at least begin")
    }
    guard let (bits, shape) = size(of: entry) else {
      throw wrong("the size of \(kind) overflows", "its number of bits must be below 2⁶³")
    }
    guard bits % 8 == 0 else {
      throw wrong("\(kind) has \(bits) bits, misaligned", "a whole number of bytes is needed")
    }
    guard entry.end - entry.begin == bits / 8 else {
      throw wrong("\(offsets) span \(entry.end - entry.begin) bytes", "\(kind) takes \(bits / 8)")
    }
    list.append((entry, shape))
    position = entry.end
  }
  let dataCount = UInt64(fileCount - dataStart)
  guard position <= dataCount else {
    let (described, overflow) = position.addingReportingOverflow(UInt64(dataStart))
    throw InputError(
      path, "the file is \(fileCount) bytes, its header describes \(overflow ? position : described)",
      remedy: "the download is probably incomplete")
  }
  guard position == dataCount else {
    throw InputError(
      path, "the file is \(fileCount) bytes, \(dataCount - position) more than its header describes",
      remedy: "nothing may follow the last tensor")
  }
  // All offsets are now at most the file's length, so they fit.
  return list.map { entry, shape in
    let bytes = dataStart + Int(entry.begin)..<dataStart + Int(entry.end)
    return SafetensorsHeader.Entry(name: entry.name, type: entry.type, shape: shape, bytes: bytes)
  }
}

/// Bits and extents of a tensor; nil where they overflow.
private func size(of entry: HeaderScanner.Entry) -> (bits: UInt64, shape: [Int])? {
  var count: UInt64 = 1
  var shape: [Int] = []
  for extent in entry.shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    guard !overflow, let fitting = Int(exactly: extent) else { return nil }
    count = product
    shape.append(fitting)
  }
  let (bits, overflow) = count.multipliedReportingOverflow(by: UInt64(entry.type.bits))
  guard !overflow, Int(exactly: bits) != nil else { return nil }
  return (bits, shape)
}

private func shown(_ shape: [UInt64]) -> String {
  "[\(shape.prefix(8).map(String.init).joined(separator: ", "))\(shape.count > 8 ? ", …" : "")]"
}

private func firstInvalidByte(of bytes: UnsafeRawBufferPointer) -> Int? {
  var decoder = UTF8()
  var iterator = bytes.makeIterator()
  var position = 0
  // Valid texts, the usual case, are checked in one go.
  guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
  while case .scalarValue(let scalar) = decoder.decode(&iterator) { position += UTF8.width(scalar) }
  return position
}
