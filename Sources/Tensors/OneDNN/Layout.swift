import COneDNN

/// How a tensor lies in memory, interned: equal layouts are one object.
///
/// `@unchecked Sendable`: immutable after creation.
final class Layout: @unchecked Sendable {
  let descriptor: UnsafeMutablePointer<dnnl_memory_desc_t>
  /// Floats that a tensor in this layout takes, padding included.
  let floatCount: Int

  private init(_ source: UnsafePointer<dnnl_memory_desc_t>) {
    descriptor = .allocate(capacity: 1)
    descriptor.initialize(to: source.pointee)
    floatCount = (dnnl_memory_desc_get_size(source) + 3) / 4
  }

  // Guarded by `Engine.lock`. Layouts are few and live as long as the process.
  nonisolated(unsafe) private static var known: [Layout] = []

  static func interned(_ source: UnsafePointer<dnnl_memory_desc_t>) -> Layout {
    Engine.lock.locked {
      if let layout = known.first(where: { dnnl_memory_desc_equal($0.descriptor, source) != 0 }) { return layout }
      let layout = Layout(source)
      known.append(layout)
      return layout
    }
  }

  /// A layout of logical dimensions with a oneDNN format tag.
  static func tagged(_ dimensions: [Int], _ tag: dnnl_format_tag_t) -> Layout {
    var descriptor = dnnl_memory_desc_t()
    var extents = dimensions.map { Int64($0) }
    check(
      dnnl_memory_desc_init_by_tag(&descriptor, Int32(dimensions.count), &extents, dnnl_f32, tag),
      "describing \(dimensions)")
    return interned(&descriptor)
  }

  /// A layout of logical dimensions with a stride for each, in floats.
  static func strided(_ dimensions: [Int], strides: [Int]) -> Layout {
    var descriptor = dnnl_memory_desc_t()
    var extents = dimensions.map { Int64($0) }
    var steps = strides.map { Int64($0) }
    check(
      dnnl_memory_desc_init_by_strides(&descriptor, Int32(dimensions.count), &extents, dnnl_f32, &steps),
      "describing \(dimensions)")
    return interned(&descriptor)
  }

  /// A feature map: logical (N, C, H, W), in memory NHWC.
  static func featureMap(batch: Int, channels: Int, height: Int, width: Int) -> Layout {
    tagged([batch, channels, height, width], dnnl_nhwc)
  }

  /// A feature map in channel blocks of 16, which Winograd convolutions want.
  static func blockedFeatureMap(batch: Int, channels: Int, height: Int, width: Int) -> Layout {
    tagged([batch, channels, height, width], dnnl_nChw16c)
  }

  /// NHWC, for a shape [batch, height, width, channels].
  static func featureMap(of shape: Shape) -> Layout {
    featureMap(batch: shape[0], channels: shape[3], height: shape[1], width: shape[2])
  }

  /// Channel blocks, for a shape [batch, height, width, channels].
  static func blockedFeatureMap(of shape: Shape) -> Layout {
    blockedFeatureMap(batch: shape[0], channels: shape[3], height: shape[1], width: shape[2])
  }

  /// Weights in PyTorch's order: (groups,) output channels, input channels, height, width.
  static func weights(_ dimensions: [Int]) -> Layout {
    tagged(dimensions, dimensions.count == 5 ? dnnl_goihw : dnnl_oihw)
  }

  static func vector(_ count: Int) -> Layout { tagged([count], dnnl_a) }

  /// A matrix, rows first in memory, seen transposed or not.
  static func matrix(rows: Int, columns: Int, transposed: Bool = false) -> Layout {
    // A single column seen transposed is a row: with both strides 1 its leading extent would be too small for oneDNN.
    if transposed, columns > 1 { return strided([columns, rows], strides: [1, columns]) }
    return transposed ? strided([1, rows], strides: [rows, 1]) : strided([rows, columns], strides: [columns, 1])
  }

  /// Logical dimensions with the layout left to the primitive.
  static func any(_ dimensions: [Int]) -> dnnl_memory_desc_t {
    var descriptor = dnnl_memory_desc_t()
    var extents = dimensions.map { Int64($0) }
    check(
      dnnl_memory_desc_init_by_tag(&descriptor, Int32(dimensions.count), &extents, dnnl_f32, dnnl_format_tag_any),
      "describing \(dimensions)")
    return descriptor
  }
}
