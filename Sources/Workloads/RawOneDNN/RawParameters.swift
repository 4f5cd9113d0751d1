import COneDNN
import Tensors

/// The master copies of all parameters, side by side, with gradient and momentum buffers of the same order.
final class RawParameters {
  private let session: RawSession
  private let values: RawTensor
  private let gradients: RawTensor
  private let momenta: RawTensor
  private var used = 0

  /// - Parameters:
  ///   - capacity: room for so many floats; each parameter begins on a cache line.
  ///   - session: the engine whose memory it is.
  init(capacity: Int, in session: RawSession) {
    self.session = session
    let layout = RawLayout.vector(capacity)
    values = RawTensor(layout, in: session)
    gradients = RawTensor(layout, in: session)
    momenta = RawTensor(layout, in: session)
  }

  /// The next parameter and its gradient, both in plain order.
  func next(_ layout: dnnl_memory_desc_t, initial: () -> Float) -> (value: RawTensor, gradient: RawTensor) {
    let value = RawTensor(layout, in: session, viewing: values, at: used)
    let gradient = RawTensor(layout, in: session, viewing: gradients, at: used)
    for index in 0..<value.count { value.floats[index] = initial() }
    used += (value.count + 15) & ~15
    return (value, gradient)
  }

  /// Appends the update of all parameters by stochastic gradient descent with momentum:
  /// v ← μ·v + g + λ·w, then w ← w − η·v.
  func appendUpdate(to sequence: RawSequence, rate: Float, momentum: Float, decay: Float) {
    nonisolated(unsafe) let (weights, gradients, momenta) = (values, gradients, momenta)
    let count = used
    sequence.append(.optimiser) {
      parallelFor(count: count, grain: 16384) { range in
        let (weight, gradient, velocity) = (weights.floats, gradients.floats, momenta.floats)
        for index in range {
          velocity[index] = momentum * velocity[index] + gradient[index] + decay * weight[index]
          weight[index] -= rate * velocity[index]
        }
      }
    }
  }
}
