import Support
import Synchronization

/// A multi-dimensional array of 32-bit floats, contiguous, last axis fastest. Images and feature maps are NHWC.
///
/// A tensor is a value for all who compute with it; only optimisers and running statistics change one in place
/// (``mutate(_:)``), which raises its ``version``.
///
/// Any number of threads may read a tensor and compute with it at the same time: what reading fills, copies in other
/// layouts, is locked. Changing one, by ``mutate(_:)`` or ``setRequiresGradient(_:)``, is for an owner that is alone with
/// it, as an optimiser is between steps; so is taking gradients, which uses up a tape. `@unchecked Sendable`: the compiler
/// cannot see that owner.
public final class Tensor: @unchecked Sendable {
  /// Extents, slowest axis first.
  public let shape: Shape
  var contents: Contents
  /// The entry of the tape that made this tensor, or its leaf; nil for a constant.
  var node: Node?
  /// Raised by each change in place, so that copies in other layouts know that they are stale.
  public private(set) var version = 0
  private let layoutCopies = Mutex<[LayoutCopy]>([])

  init(shape: Shape, contents: Contents) {
    self.shape = shape
    self.contents = contents
  }

  convenience init(shape: Shape, storage: Storage) {
    precondition(storage.count >= shape.count, "tensor: \(shape) does not fit into \(storage.count) floats")
    self.init(shape: shape, contents: Contents(shape, storage))
  }

  /// A tensor whose contents are yet to be written.
  convenience init(uninitialized shape: Shape) { self.init(shape: shape, storage: Storage(count: shape.count)) }

  /// Number of elements.
  public var count: Int { shape.count }

  var storage: Storage { contents.storage }
  var base: UnsafeMutablePointer<Float> { storage.base }
  var raw: UnsafeMutableRawPointer { storage.raw }

  /// Whether a gradient can be asked for: true for a trainable leaf and for all that was computed from one.
  public var requiresGradient: Bool { node != nil }

  /// Makes a leaf trainable or frozen. Of a frozen network nothing is recorded.
  public func setRequiresGradient(_ required: Bool) {
    precondition(node.map(\.isLeaf) ?? true, "requiresGradient: only a leaf can be frozen or thawed")
    if required != requiresGradient { node = required ? Node.leaf() : nil }
  }

  /// The same values without a past: a constant.
  public func detached() -> Tensor { Tensor(shape: shape, contents: contents) }

  /// Changes the values in place. For optimisers, running statistics and loading only.
  public func mutate<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R {
    version += 1
    contents.dropBlocks()
    return try body(UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// Lends the values for reading; the pointer is not valid outside of `body`.
  public func withFloats<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The same values in a layout that a oneDNN primitive prefers, made again when the values have changed.
  func copy(in layout: Layout, from plain: Layout) -> Storage {
    if layout === plain { return storage }
    return layoutCopies.withLock { copies in
      if let index = copies.firstIndex(where: { $0.layout === layout }) {
        if copies[index].version != version {
          Reorder.between(plain, layout).execute([raw, copies[index].storage.raw])
          copies[index].version = version
        }
        return copies[index].storage
      }
      let copy = LayoutCopy(layout: layout, storage: Storage(count: layout.floatCount), version: version)
      Reorder.between(plain, layout).execute([raw, copy.storage.raw])
      copies.append(copy)
      return copy.storage
    }
  }
}

/// A weight tensor's contents in the layout of one primitive.
struct LayoutCopy {
  let layout: Layout
  let storage: Storage
  var version: Int
}
