import Foundation
import Support

/// A safetensors file: named tensors and metadata, nothing that could be executed.
public struct Safetensors: Sendable, Equatable {
  /// Free text entries, the header's `__metadata__`.
  public var metadata: [String: String]
  /// The tensors, by their place in the file.
  public private(set) var tensors: [StoredTensor]
  private let index: [String: Int]

  /// - Parameters:
  ///   - metadata: free text entries.
  ///   - tensors: with names that differ.
  public init(metadata: [String: String] = [:], tensors: [StoredTensor]) {
    self.metadata = metadata
    self.tensors = tensors
    index = Dictionary(tensors.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    precondition(index.count == tensors.count, "safetensors: two tensors have one name")
  }

  /// The tensor of a name.
  public subscript(name: String) -> StoredTensor? { index[name].map { tensors[$0] } }

  /// Reads a file, with every check of the reference implementation; duplicate names are refused too.
  ///
  /// - Throws: ``InputError`` naming the file, the byte or the tensor, and what would be right.
  public static func read(_ url: URL) throws -> Safetensors {
    let path = url.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw InputError(path, "there is no such file", remedy: "check the path")
    }
    guard !isFolder.boolValue, let data = try? Data(contentsOf: url, options: .mappedIfSafe) else {
      throw InputError(path, "the file cannot be read", remedy: "a safetensors file is expected")
    }
    return try Safetensors(data, path: path)
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: ``InputError``.
  public init(_ data: Data, path: String) throws {
    guard data.count >= 8 else {
      throw InputError(path, "the file has \(data.count) bytes, too few for a header", remedy: "a safetensors file is expected")
    }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= 100_000_000 else {
      throw InputError(
        "\(path): byte 0", "the header claims \(length) bytes, above the limit of 100,000,000",
        remedy: "a safetensors file is expected")
    }
    let start = 8 + Int(length)
    guard start <= data.count else {
      throw InputError(
        "\(path): byte 0", "the header claims \(length) bytes, but \(data.count - 8) follow",
        remedy: "the download is probably incomplete")
    }
    let scanner = try data.withUnsafeBytes { raw in
      let header = UnsafeRawBufferPointer(rebasing: raw[8..<start])
      guard String(validating: header, as: UTF8.self) != nil else {
        throw InputError("\(path): byte 8", "the header is not UTF-8", remedy: "a safetensors file is expected")
      }
      return try HeaderScanner(header, path: path)
    }
    let entries = scanner.entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try Safetensors.check(entries, dataCount: data.count - start, path: path)
    let base = data.startIndex + start
    self.init(
      metadata: scanner.metadata,
      tensors: entries.map {
        StoredTensor(name: $0.name, type: $0.type, shape: $0.shape, bytes: data[base + $0.begin..<base + $0.end])
      })
  }

  /// Offsets must tile the data exactly, and agree with shapes and types.
  private static func check(_ entries: [HeaderScanner.Entry], dataCount: Int, path: String) throws {
    var position = 0
    for entry in entries {
      let place = "\(path): tensor '\(entry.name)'"
      guard entry.begin == position, entry.end >= entry.begin else {
        throw InputError(
          place, "its data_offsets are [\(entry.begin), \(entry.end)]", remedy: "they must begin at \(position)")
      }
      var bits = entry.type.bits
      for extent in entry.shape {
        let (product, overflow) = bits.multipliedReportingOverflow(by: extent)
        guard !overflow else { throw InputError(place, "its shape \(entry.shape) has too many elements") }
        bits = product
      }
      guard bits % 8 == 0 else {
        throw InputError(place, "its \(bits) bits are no whole number of bytes", remedy: "write the file again")
      }
      guard entry.end - entry.begin == bits / 8 else {
        throw InputError(
          place, "its data_offsets span \(entry.end - entry.begin) bytes",
          remedy: "\(entry.type.rawValue) \(entry.shape) takes \(bits / 8)")
      }
      position = entry.end
    }
    guard position == dataCount else {
      throw InputError(
        path, "the header describes \(position) bytes of data, the file has \(dataCount)",
        remedy: position > dataCount ? "the download is probably incomplete" : "the file has bytes that belong to nothing")
    }
  }
}
