import Glibc

/// Keeps freed blocks by size, so that a steady training step asks the system for nothing.
///
/// Sizes are rounded up to eight classes per power of two: at most 12.5 % of a block is unused.
public enum StoragePool {
  private struct State {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var bytesFromSystem = 0
    var bytesInUse = 0
    var peakBytesInUse = 0
    var requests = 0
    var bytesHandedOut = 0
  }

  // Guarded by `lock`.
  nonisolated(unsafe) private static var state = State()
  private static let lock = Lock()

  /// Bytes that the pool has taken from the system, used or not.
  public static var bytesFromSystem: Int { lock.locked { state.bytesFromSystem } }

  /// Bytes in blocks that tensors hold now.
  public static var bytesInUse: Int { lock.locked { state.bytesInUse } }

  /// The most bytes that tensors held at once since the last call of ``forgetPeak()``.
  public static var peakBytesInUse: Int { lock.locked { state.peakBytesInUse } }

  /// Lets the next peak begin with what is held now.
  public static func forgetPeak() { lock.locked { state.peakBytesInUse = state.bytesInUse } }

  /// Bytes of all blocks that tensors were ever given: its growth over a step is what that step writes to memory at least.
  public static var bytesHandedOut: Int { lock.locked { state.bytesHandedOut } }

  /// How often the pool had to ask the system; does not grow in a steady step.
  public static var systemRequests: Int { lock.locked { state.requests } }

  /// Gives blocks that nobody uses back to the system.
  public static func trim() {
    lock.locked {
      for (size, blocks) in state.free {
        for block in blocks { free(block) }
        state.bytesFromSystem -= size * blocks.count
      }
      state.free = [:]
    }
  }

  static func blockSize(for bytes: Int) -> Int {
    guard bytes > 512 else { return 512 }
    let step = max(64, 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount - 4))
    return (bytes + step - 1) / step * step
  }

  static func take(_ size: Int) -> UnsafeMutableRawPointer {
    lock.locked {
      state.bytesInUse += size
      state.bytesHandedOut += size
      state.peakBytesInUse = max(state.peakBytesInUse, state.bytesInUse)
      if let block = state.free[size]?.popLast() { return block }
      var block: UnsafeMutableRawPointer?
      // Large blocks lie on 2 MiB borders so that the kernel can back them by huge pages.
      let isLarge = size >= 1 << 21
      guard posix_memalign(&block, isLarge ? 1 << 21 : 64, size) == 0, let block else {
        fatalError("out of memory: \(size) bytes asked for, \(state.bytesInUse) in use")
      }
      state.bytesFromSystem += size
      state.requests += 1
      return block
    }
  }

  static func give(_ block: UnsafeMutableRawPointer, _ size: Int) {
    lock.locked {
      state.bytesInUse -= size
      state.free[size, default: []].append(block)
    }
  }
}

/// A mutex for the few tables that the whole program shares.
final class Lock: @unchecked Sendable {
  // The mutex never moves: it is allocated once and freed with its owner.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    pthread_mutex_init(mutex, &attributes)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func locked<R>(_ body: () throws -> R) rethrows -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
