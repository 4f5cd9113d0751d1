import COneDNN
import Support

/// Engine and stream of one raw sequence; the library runs synchronously on it.
final class RawSession {
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  init() {
    engine = created("engine") { dnnl_engine_create(&$0, dnnl_cpu, 0) }
    let engine = engine
    stream = created("stream") { dnnl_stream_create(&$0, engine, dnnl_stream_default_flags.rawValue) }
  }

  deinit {
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(engine)
  }

  /// A primitive made from its operation descriptor.
  ///
  /// - Returns: nothing where the library has no implementation for this machine.
  func primitive(
    _ name: String, descriptor: UnsafeRawPointer, attributes: dnnl_primitive_attr_t? = nil,
    forward: RawPrimitive? = nil
  ) -> RawPrimitive? {
    var description: dnnl_primitive_desc_t?
    let status = dnnl_primitive_desc_create(&description, descriptor, attributes, engine, forward?.description)
    guard status != dnnl_unimplemented else { return nil }
    require(status, "describing \(name)")
    return description.map { RawPrimitive(name, description: $0) }
  }

  /// A copy from one layout to another.
  func reorder(from source: RawTensor, to target: RawTensor) -> RawPrimitive {
    var (from, to) = (source.layout, target.layout)
    return RawPrimitive(
      "reorder",
      description: created("reorder") { dnnl_reorder_primitive_desc_create(&$0, &from, engine, &to, engine, nil) })
  }
}

/// A primitive together with its description, which later primitives need as a hint and for its preferred layouts.
final class RawPrimitive {
  let name: String
  let description: dnnl_primitive_desc_t
  let primitive: dnnl_primitive_t

  init(_ name: String, description: dnnl_primitive_desc_t) {
    self.name = name
    self.description = description
    primitive = created(name) { dnnl_primitive_create(&$0, description) }
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(description)
  }

  /// The layout that the library prefers for one argument.
  func layout(_ argument: dnnl_query_t) -> dnnl_memory_desc_t {
    guard let layout = dnnl_primitive_desc_query_md(description, argument, 0) else {
      preconditionFailure("\(name): no layout for argument \(argument.rawValue)")
    }
    return layout.pointee
  }
}

/// Stops the program with the library's own words: a failing call in a fixed sequence is a defect of the sequence.
func require(_ status: dnnl_status_t, _ action: @autoclosure () -> String) {
  guard status == dnnl_success else {
    preconditionFailure("oneDNN: \(action()): \(String(cString: dnnl_status2str(status))) (status \(status.rawValue))")
  }
}

/// The object that a creating call leaves in its argument.
func created(_ name: String, _ create: (inout OpaquePointer?) -> dnnl_status_t) -> OpaquePointer {
  var object: OpaquePointer?
  require(create(&object), "creating \(name)")
  guard let object else { preconditionFailure("oneDNN: creating \(name): no object") }
  return object
}
