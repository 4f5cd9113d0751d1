import COneDNN

/// What a primitive does to its output before it is written: a sum with what is there, a ReLU.
///
/// All primitives take their scratch memory from us. The library's own lies in a thread-local variable of the thread
/// that made the primitive; on another one it is a null pointer.
///
/// `@unchecked Sendable`: immutable after creation.
final class PostOperations: @unchecked Sendable {
  /// Nothing but the output.
  static let none = PostOperations(sum: false, relu: false)

  private(set) var handle: dnnl_primitive_attr_t?

  init(sum: Bool, relu: Bool) {
    check(dnnl_primitive_attr_create(&handle), "attributes")
    check(dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user), "attributes")
    var operations: dnnl_post_ops_t?
    check(dnnl_post_ops_create(&operations), "post-operations")
    defer { dnnl_post_ops_destroy(operations) }
    if sum { check(dnnl_post_ops_append_sum(operations, 1), "post-operations") }
    if relu { check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "post-operations") }
    check(dnnl_primitive_attr_set_post_ops(handle, operations), "post-operations")
  }

  deinit { dnnl_primitive_attr_destroy(handle) }
}
