import COneDNN
import Support

/// oneDNN's engine and stream: one of each for the process.
enum Engine {
  // Created once, never destroyed; oneDNN's engine is safe to share between threads.
  nonisolated(unsafe) static let handle: dnnl_engine_t = {
    var engine: dnnl_engine_t?
    check(dnnl_engine_create(&engine, dnnl_cpu, 0), "creating the engine")
    return unwrap(engine, "engine")
  }()

  nonisolated(unsafe) static let stream: dnnl_stream_t = {
    var stream: dnnl_stream_t?
    check(dnnl_stream_create(&stream, handle, UInt32(dnnl_stream_default_flags.rawValue)), "creating the stream")
    return unwrap(stream, "stream")
  }()

  // Guarded by `lock`, like the executions that use it.
  nonisolated(unsafe) private static var scratch = Storage(count: 1)

  /// Memory for the primitive that runs, of at least this many floats; only under `lock`.
  static func scratchMemory(_ count: Int) -> UnsafeMutableRawPointer {
    if scratch.count < count { scratch = Storage(count: count) }
    return scratch.raw
  }

  /// Guards tables of primitives and their argument lists; taken once per execution, uncontended in the product.
  static let lock = Lock()
}

/// Stops the program with oneDNN's own words: shapes were checked before, so a failure here is ours.
func check(_ status: dnnl_status_t, _ action: @autoclosure () -> String) {
  guard status != dnnl_success else { return }
  fatalError("oneDNN: \(action()): \(String(cString: dnnl_status2str(status))) (status \(status.rawValue))")
}

func unwrap<T>(_ value: T?, _ name: String) -> T {
  guard let value else { fatalError("oneDNN: no \(name)") }
  return value
}
