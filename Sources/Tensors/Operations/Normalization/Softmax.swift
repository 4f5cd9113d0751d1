import Glibc

extension Tensor {
  /// log softmax along the last axis, computed as x − logsumexp(x).
  public func logSoftmax() -> Tensor {
    let columns = shape[-1]
    let output = Tensor(uninitialized: shape)
    nonisolated(unsafe) let source = base
    nonisolated(unsafe) let target = output.base
    parallelFor(count: count / columns, grain: max(1, 4096 / columns)) { range in
      for row in range {
        let x = source + row * columns
        let y = target + row * columns
        var largest = x[0]
        for i in 1..<columns { largest = max(largest, x[i]) }
        var total = 0.0
        for i in 0..<columns { total += Double(expf(x[i] - largest)) }
        // Not x − (largest + log): that sum would round away the logarithm's digits beside large logits.
        let logarithm = Float(Glibc.log(total))
        for i in 0..<columns { y[i] = x[i] - largest - logarithm }
      }
    }
    return output.recorded("logSoftmax", [self], isRecordable: true) { gradient in
      [gradient - self.softmax() * gradient.sum(alongAxes: [-1], keepsAxes: true)]
    }
  }

  /// Softmax along the last axis.
  public func softmax() -> Tensor {
    let output = withoutRecording { self.logSoftmax().exp() }
    return output.recorded("softmax", [self], isRecordable: true) { gradient in
      let probabilities = self.softmax()
      let weighted = gradient * probabilities
      return [weighted - probabilities * weighted.sum(alongAxes: [-1], keepsAxes: true)]
    }
  }
}
