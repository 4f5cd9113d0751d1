import COneDNN
import Support

/// A preallocated float32 buffer with its layout, as an argument of primitives.
final class RawTensor {
  let layout: dnnl_memory_desc_t
  let memory: dnnl_memory_t
  let floats: UnsafeMutablePointer<Float>
  /// Number of floats that the layout takes, padding included.
  let count: Int
  private let owner: RawTensor?

  /// Allocates zeros for a layout, or views the buffer of another tensor from an offset on.
  ///
  /// - Parameters:
  ///   - layout: shape and order.
  ///   - session: the engine whose memory it is.
  ///   - owner: the tensor whose buffer is viewed, kept alive by this one.
  ///   - offset: in floats.
  init(_ layout: dnnl_memory_desc_t, in session: RawSession, viewing owner: RawTensor? = nil, at offset: Int = 0) {
    var layout = layout
    let bytes = dnnl_memory_desc_get_size(&layout)
    let count = (bytes + 3) / 4
    if let owner {
      precondition(offset + count <= owner.count, "view of \(offset)+\(count) floats in a tensor of \(owner.count)")
      floats = owner.floats + offset
    } else {
      floats = UnsafeMutableRawPointer.allocate(byteCount: max(64, bytes), alignment: 64)
        .initializeMemory(as: Float.self, repeating: 0, count: count)
    }
    let floats = floats
    memory = created("memory") { dnnl_memory_create(&$0, &layout, session.engine, floats) }
    self.layout = layout
    self.owner = owner
    self.count = count
  }

  deinit {
    dnnl_memory_destroy(memory)
    if owner == nil { UnsafeMutableRawPointer(floats).deallocate() }
  }
}

/// Shape and order of a tensor.
enum RawLayout {
  /// A layout by its tag; `dnnl_format_tag_any` leaves the choice to the primitive.
  static func tagged(_ shape: [Int], _ tag: dnnl_format_tag_t) -> dnnl_memory_desc_t {
    var layout = dnnl_memory_desc_t()
    let sizes = shape.map(Int64.init)
    require(
      dnnl_memory_desc_init_by_tag(&layout, Int32(sizes.count), sizes, dnnl_f32, tag), "layout of \(shape)")
    return layout
  }

  /// [batch, channels, height, width] in the order batch, height, width, channels.
  static func activations(_ shape: [Int]) -> dnnl_memory_desc_t { tagged(shape, dnnl_nhwc) }

  /// [length].
  static func vector(_ length: Int) -> dnnl_memory_desc_t { tagged([length], dnnl_a) }

  static func areEqual(_ left: dnnl_memory_desc_t, _ right: dnnl_memory_desc_t) -> Bool {
    var (left, right) = (left, right)
    return dnnl_memory_desc_equal(&left, &right) == 1
  }
}
