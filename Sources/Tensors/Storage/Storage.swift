/// A block of floats from the pool; it goes back when the last tensor that shares it is gone.
///
/// `@unchecked Sendable`: the pointer is fixed, and whoever writes (one optimiser, one operation that has just made the
/// block) is alone with it.
final class Storage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int
  private let bytes: Int

  init(count: Int) {
    bytes = StoragePool.blockSize(for: max(1, count) * MemoryLayout<Float>.stride)
    base = StoragePool.take(bytes).bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
    self.count = count
  }

  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(base) }

  deinit { StoragePool.give(UnsafeMutableRawPointer(base), bytes) }
}
