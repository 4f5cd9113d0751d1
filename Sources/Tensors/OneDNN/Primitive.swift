import COneDNN

/// A oneDNN primitive with its argument list, made once and executed many times.
///
/// The memory objects are kept and only their handles set before each execution, which costs nothing; the caller owns
/// every buffer until `execute` returns.
///
/// `@unchecked Sendable`: executions are serialised by `Engine.lock`, the rest is immutable.
final class Primitive: @unchecked Sendable {
  let name: String
  /// oneDNN's descriptor, the hint for backward primitives.
  let descriptor: dnnl_primitive_desc_t
  private let primitive: dnnl_primitive_t
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
  /// Floats of scratch memory during an execution; it is the last argument where there is any.
  private let scratch: Int

  /// - Parameters:
  ///   - name: for error lines.
  ///   - descriptor: owned from here on.
  ///   - numbers: oneDNN argument numbers, in the order in which `execute` takes the buffers.
  init(_ name: String, _ descriptor: dnnl_primitive_desc_t, arguments numbers: [Int32]) {
    self.name = name
    self.descriptor = descriptor
    var created: dnnl_primitive_t?
    check(dnnl_primitive_create(&created, descriptor), "creating \(name)")
    primitive = unwrap(created, name)
    scratch = (dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0)) + 3) / 4
    let all = numbers + (scratch > 0 ? [DNNL_ARG_SCRATCHPAD] : [])
    arguments = .allocate(capacity: all.count)
    for (index, number) in all.enumerated() {
      var memory: dnnl_memory_t?
      let layout = dnnl_primitive_desc_query_md(descriptor, dnnl_query_exec_arg_md, number)
      check(dnnl_memory_create(&memory, layout, Engine.handle, nil), "argument \(number) of \(name)")
      arguments.initializeElement(at: index, to: dnnl_exec_arg_t(arg: number, memory: memory))
    }
  }

  /// Runs to completion. Buffers are in the order of the argument numbers.
  func execute(_ buffers: [UnsafeMutableRawPointer]) {
    Engine.lock.locked {
      for (index, buffer) in buffers.enumerated() {
        dnnl_memory_set_data_handle(arguments[index].memory, buffer)
      }
      if scratch > 0 {
        dnnl_memory_set_data_handle(arguments[arguments.count - 1].memory, Engine.scratchMemory(scratch))
      }
      check(
        dnnl_primitive_execute(primitive, Engine.stream, Int32(arguments.count), arguments.baseAddress),
        "running \(name)")
    }
  }

  /// The layout that the primitive chose for an argument.
  func layout(of argument: Int32) -> Layout {
    Layout.interned(unwrapPointer(dnnl_primitive_desc_query_md(descriptor, dnnl_query_exec_arg_md, argument)))
  }

  /// The layout of the workspace between forward and backward.
  var workspaceLayout: Layout {
    Layout.interned(unwrapPointer(dnnl_primitive_desc_query_md(descriptor, dnnl_query_workspace_md, 0)))
  }

  private func unwrapPointer<T>(_ pointer: UnsafePointer<T>?) -> UnsafePointer<T> {
    guard let pointer else { fatalError("oneDNN: \(name) has no such layout") }
    return pointer
  }

  /// The descriptor of an operation, or nil where oneDNN has no implementation for it.
  static func describe(
    _ operation: UnsafeRawPointer, _ attributes: PostOperations = .none, hint: Primitive? = nil
  ) -> dnnl_primitive_desc_t? {
    var descriptor: dnnl_primitive_desc_t?
    let status = dnnl_primitive_desc_create(
      &descriptor, operation, attributes.handle, Engine.handle, hint?.descriptor)
    return status == dnnl_success ? descriptor : nil
  }
}

/// Primitives by what they do: creating one takes about 10 ms (code generation), finding one well under 1 µs.
///
/// A primitive divides its work, and sizes its scratch memory, for the number of threads that it was created for.
struct PrimitiveCache<Key: Hashable & Sendable, Value>: @unchecked Sendable {
  private struct Place: Hashable {
    let key: Key
    let threads: Int
  }

  private final class Table {
    var entries: [Place: Value] = [:]
  }

  // Guarded by `Engine.lock`.
  private let table = Table()

  func callAsFunction(_ key: Key, _ make: () -> Value) -> Value {
    Engine.lock.locked {
      let place = Place(key: key, threads: Threads.count)
      if let value = table.entries[place] { return value }
      let value = make()
      table.entries[place] = value
      return value
    }
  }
}
