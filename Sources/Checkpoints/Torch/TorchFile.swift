import Foundation
import Support
import Synchronization

/// A file of PyTorch, taken apart: what its pickle describes, and the blocks of numbers beside it.
protocol TorchFile {
  /// What is in it.
  var content: TorchContent { get }
}

/// What a file of PyTorch holds.
///
/// `@unchecked Sendable`: values of the pickle are fixed once they are here.
final class TorchContent: @unchecked Sendable {
  /// The object that was saved.
  let root: PickleValue
  /// Whether the bytes of numbers come most significant first.
  let isBigEndian: Bool
  private let arena: PickleArena
  private let block: @Sendable (TorchStorage) throws -> Data
  /// The block that was asked for last: tensors of one storage come one after the other.
  private let latest = Mutex<(key: String, bytes: Data)?>(nil)

  init(
    _ root: PickleValue, arena: PickleArena, isBigEndian: Bool,
    block: @escaping @Sendable (TorchStorage) throws -> Data
  ) {
    self.root = root
    self.arena = arena
    self.isBigEndian = isBigEndian
    self.block = block
  }

  /// The bytes of a storage, checked.
  func bytes(_ storage: TorchStorage) throws -> Data {
    let whole = try latest.withLock { latest in
      if let latest, latest.key == storage.key { return latest.bytes }
      let bytes = try block(storage)
      latest = (storage.key, bytes)
      return bytes
    }
    let range = storage.range
    return whole[whole.startIndex + range.lowerBound..<whole.startIndex + range.upperBound]
  }
}
