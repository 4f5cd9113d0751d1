import Foundation

/// A tensor of a file of weights: what the file says of it at once, its values when they are asked for.
public struct ArchivedTensor: Sendable {
  /// Name in the file, or what is left of it without its prefix.
  public let name: String
  /// Element type.
  public let type: StoredType
  /// Extents; empty for a scalar.
  public let shape: [Int]
  /// What block of the file its values lie in; tied tensors have the same.
  public let block: String
  private let load: @Sendable () throws -> Data

  /// - Parameters:
  ///   - name: its name.
  ///   - type: element type.
  ///   - shape: extents.
  ///   - block: tells the block that it lies in from others.
  ///   - load: gives its elements, row-major, little-endian.
  init(
    name: String, type: StoredType, shape: [Int], block: String, load: @escaping @Sendable () throws -> Data
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.block = block
    self.load = load
  }

  /// Number of elements.
  public var count: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

  /// The tensor with its values, row-major, little-endian; they still lie in the mapped file where that has them so.
  ///
  /// - Throws: ``InputError`` if the file is damaged there.
  public func stored() throws -> StoredTensor {
    StoredTensor(name: name, type: type, shape: shape, bytes: try load())
  }

  /// The same under another name.
  public func renamed(_ name: String) -> ArchivedTensor {
    ArchivedTensor(name: name, type: type, shape: shape, block: block, load: load)
  }
}

extension ArchivedTensor {
  /// A tensor whose values are in memory, or mapped.
  init(_ tensor: StoredTensor) {
    self.init(name: tensor.name, type: tensor.type, shape: tensor.shape, block: tensor.name) { tensor.bytes }
  }
}
