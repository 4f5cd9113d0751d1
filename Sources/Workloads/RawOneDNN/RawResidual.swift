import COneDNN
import Tensors

/// The element-wise work around a residual block.
///
/// The library's sum is as fast as a loop here; its backward ReLU is 3.4 × slower, and cannot take the sum of the
/// branches along.
enum RawResidual {
  /// Appends `sum ← max(0, sum + shortcut)`.
  static func appendSumAndReLU(_ sum: RawTensor, _ shortcut: RawTensor, to sequence: RawSequence) {
    var layout = sum.layout
    var descriptor = dnnl_binary_desc_t()
    require(
      dnnl_binary_desc_init(&descriptor, dnnl_binary_add, &layout, &layout, &layout), "describing a residual sum")
    let operations = created("post-operations") { dnnl_post_ops_create(&$0) }
    let attributes = created("attributes") { dnnl_primitive_attr_create(&$0) }
    defer {
      dnnl_post_ops_destroy(operations)
      dnnl_primitive_attr_destroy(attributes)
    }
    require(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "appending a ReLU")
    require(dnnl_primitive_attr_set_post_ops(attributes, operations), "setting a ReLU")
    let primitive = sequence.session.primitive("residual sum", descriptor: &descriptor, attributes: attributes)
      .unwrapped("residual sum")
    sequence.append(
      .residual, primitive, [(DNNL_ARG_SRC_0, sum), (DNNL_ARG_SRC_1, shortcut), (DNNL_ARG_DST, sum)])
  }

  /// Appends `gradient ← gradient where output > 0, else 0`: the backward pass of a ReLU.
  static func appendMask(_ gradient: RawTensor, output: RawTensor, to sequence: RawSequence) {
    nonisolated(unsafe) let (gradient, output) = (gradient, output)
    sequence.append(.residual) {
      parallelFor(count: gradient.count / 16) { range in
        let target = UnsafeMutableRawPointer(gradient.floats)
        let values = UnsafeRawPointer(output.floats)
        for offset in stride(from: range.lowerBound * 64, to: range.upperBound * 64, by: 64) {
          let value = target.load(fromByteOffset: offset, as: SIMD16<Float>.self)
          let mask = values.load(fromByteOffset: offset, as: SIMD16<Float>.self) .> 0
          target.storeBytes(
            of: SIMD16<Float>.zero.replacing(with: value, where: mask), toByteOffset: offset, as: SIMD16<Float>.self)
        }
      }
    }
  }

  /// Appends `gradient ← gradient + other where output > 0, else 0`: the branches of a block meet at its input, which
  /// is the output of the ReLU before it.
  static func appendSumAndMask(_ gradient: RawTensor, _ other: RawTensor, output: RawTensor, to sequence: RawSequence) {
    nonisolated(unsafe) let (gradient, other, output) = (gradient, other, output)
    sequence.append(.residual) {
      parallelFor(count: gradient.count / 16) { range in
        let target = UnsafeMutableRawPointer(gradient.floats)
        let (addend, values) = (UnsafeRawPointer(other.floats), UnsafeRawPointer(output.floats))
        for offset in stride(from: range.lowerBound * 64, to: range.upperBound * 64, by: 64) {
          let value =
            target.load(fromByteOffset: offset, as: SIMD16<Float>.self)
            + addend.load(fromByteOffset: offset, as: SIMD16<Float>.self)
          let mask = values.load(fromByteOffset: offset, as: SIMD16<Float>.self) .> 0
          target.storeBytes(
            of: SIMD16<Float>.zero.replacing(with: value, where: mask), toByteOffset: offset, as: SIMD16<Float>.self)
        }
      }
    }
  }
}
