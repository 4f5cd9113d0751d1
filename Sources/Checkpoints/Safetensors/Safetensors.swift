import Foundation
import Support

/// A safetensors file: named tensors and metadata, nothing that could be executed.
public struct Safetensors: Sendable, Equatable {
  /// Free text entries, the header's `__metadata__`.
  public var metadata: [String: String]
  /// The tensors; of a file that was read, in the order of their data.
  public private(set) var tensors: [StoredTensor]
  private let index: [String: Int]

  /// - Parameters:
  ///   - metadata: free text entries.
  ///   - tensors: with names that differ; none is `__metadata__`.
  public init(metadata: [String: String] = [:], tensors: [StoredTensor]) {
    self.metadata = metadata
    self.tensors = tensors
    index = Dictionary(tensors.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    precondition(index.count == tensors.count, "safetensors: two tensors have one name")
    precondition(index["__metadata__"] == nil, "safetensors: a tensor has the name __metadata__")
  }

  /// The tensor of a name.
  public subscript(name: String) -> StoredTensor? { index[name].map { tensors[$0] } }

  /// Reads a file, with every check of the reference implementation; duplicate names are refused too.
  ///
  /// The file is mapped: what nobody looks at is not loaded.
  ///
  /// - Throws: ``InputError`` naming the file, the byte or the tensor, and what would be right.
  public static func read(_ url: URL) throws -> Safetensors {
    try Safetensors(FileBytes.mapped(url.path, as: "a safetensors file", remedy: "check the path"), path: url.path)
  }

  /// Reads and checks what a file says of itself, without its data.
  ///
  /// - Throws: as ``read(_:)``.
  public static func header(of url: URL) throws -> SafetensorsHeader {
    try SafetensorsHeader(
      FileBytes.mapped(url.path, as: "a safetensors file", remedy: "check the path"), orForeign: url.path)
  }

  /// Reads the bytes of a file, and holds them against their seal where there is one.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - path: what errors call it.
  /// - Throws: as ``read(_:)``.
  public init(_ data: Data, path: String) throws {
    let header = try SafetensorsHeader(data, orForeign: path)
    try DataSeal.check(header, data, path: path)
    self.init(
      // What is written again need not be what was read.
      metadata: header.metadata.filter { $0.key != DataSeal.key },
      tensors: header.entries.map { entry in
        let range = data.startIndex + entry.bytes.lowerBound..<data.startIndex + entry.bytes.upperBound
        return StoredTensor(name: entry.name, type: entry.type, shape: entry.shape, bytes: data[range])
      })
  }
}
