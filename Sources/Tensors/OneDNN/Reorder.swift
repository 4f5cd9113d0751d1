import COneDNN

/// Copies between layouts.
enum Reorder {
  private struct Key: Hashable, Sendable {
    let from: ObjectIdentifier
    let to: ObjectIdentifier
  }

  private static let cache = PrimitiveCache<Key, Primitive>()

  /// The primitive that copies; its buffers are source, destination.
  static func between(_ from: Layout, _ to: Layout) -> Primitive {
    cache(Key(from: ObjectIdentifier(from), to: ObjectIdentifier(to))) {
      var descriptor: dnnl_primitive_desc_t?
      check(
        dnnl_reorder_primitive_desc_create(
          &descriptor, from.descriptor, Engine.handle, to.descriptor, Engine.handle, PostOperations.none.handle),
        "describing a reorder")
      return Primitive("reorder", unwrap(descriptor, "reorder"), arguments: [1, 17])
    }
  }
}
