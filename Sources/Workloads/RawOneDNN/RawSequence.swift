import COneDNN

/// What a call of the sequence is for; the profile adds up by it.
enum RawPart: String, CaseIterable {
  case convolutionForward = "convolution forward"
  case convolutionBackwardData = "convolution backward data"
  case convolutionBackwardWeights = "convolution backward weights"
  case reorderWeights = "reorder weights"
  case reorderActivations = "reorder activations"
  case normalisationForward = "batch norm forward"
  case normalisationBackward = "batch norm backward"
  case residual = "residual sums and ReLU masks"
  case head = "pooling, linear layer, loss"
  case optimiser = "optimiser"
}

/// The calls of one training step in their order.
final class RawSequence {
  private struct Call {
    let part: RawPart
    let run: () -> Void
  }

  let session: RawSession
  private var calls: [Call] = []
  private var arguments: [UnsafeMutablePointer<dnnl_exec_arg_t>] = []

  private var scratch: [String: RawTensor] = [:]

  init(_ session: RawSession) { self.session = session }

  deinit { for list in arguments { list.deallocate() } }

  /// Appends one execution of a primitive on fixed arguments.
  func append(_ part: RawPart, _ primitive: RawPrimitive, _ tensors: [(Int32, RawTensor)]) {
    let list = UnsafeMutablePointer<dnnl_exec_arg_t>.allocate(capacity: tensors.count)
    for (index, (argument, tensor)) in tensors.enumerated() {
      (list + index).initialize(to: dnnl_exec_arg_t(arg: argument, memory: tensor.memory))
    }
    arguments.append(list)
    let (stream, count) = (session.stream, Int32(tensors.count))
    calls.append(
      Call(part: part) {
        // An argument holds no reference to its memory: the capture of the tensors keeps them alive.
        withExtendedLifetime(tensors) {
          require(dnnl_primitive_execute(primitive.primitive, stream, count, list), "executing \(primitive.name)")
        }
      })
  }

  /// Appends a kernel of our own.
  func append(_ part: RawPart, _ kernel: @escaping () -> Void) { calls.append(Call(part: part, run: kernel)) }

  /// Appends a copy into another layout.
  func appendReorder(_ part: RawPart, from source: RawTensor, to target: RawTensor) {
    append(part, session.reorder(from: source, to: target), [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
  }

  /// A buffer that all layers of one shape share, so that it is still in the cache when it is used again.
  ///
  /// - Parameters:
  ///   - role: tells buffers of one shape apart that hold values at the same time.
  ///   - layout: shape and order.
  /// - Returns: the same tensor for the same role and layout.
  func shared(_ role: String, _ layout: dnnl_memory_desc_t) -> RawTensor {
    let (sizes, strides) = (layout.dims, layout.format_desc.blocking.strides)
    let key = "\(role) \(sizes.0)×\(sizes.1)×\(sizes.2)×\(sizes.3) \(strides.1)"
    let tensor = scratch[key] ?? RawTensor(layout, in: session)
    scratch[key] = tensor
    return tensor
  }

  /// Runs every call once.
  func run() {
    for call in calls { call.run() }
    require(dnnl_stream_wait(session.stream), "waiting for the step")
  }

  /// Runs every call once and adds up the time of each part.
  ///
  /// - Returns: the time spent per part, in the order of the parts.
  func profile() -> [(part: RawPart, time: Duration)] {
    var times: [RawPart: Duration] = [:]
    let clock = ContinuousClock()
    for call in calls {
      times[call.part, default: .zero] += clock.measure {
        call.run()
        require(dnnl_stream_wait(session.stream), "waiting for \(call.part.rawValue)")
      }
    }
    return RawPart.allCases.map { ($0, times[$0, default: .zero]) }
  }
}
