import Glibc
import Support

extension Tensor {
  /// log softmax of these logits over a temperature along the last axis, x/T − logsumexp(x/T).
  ///
  /// The largest logit of a row is taken off before anything is divided or raised, so that logits of any finite size keep
  /// the digits of their differences. A logit of −∞ is a class that is masked: its probability is 0, its gradient too.
  ///
  /// - Parameter temperature: T > 0.
  /// - Returns: of this shape; not a number in rows that hold +∞ or nothing but −∞, as in PyTorch.
  public func logSoftmax(temperature: Float = 1) -> Tensor {
    precondition(temperature > 0, "logSoftmax: temperature \(temperature) is not above 0")
    let columns = shape[-1]
    let output = Tensor(uninitialized: shape)
    nonisolated(unsafe) let source = base
    nonisolated(unsafe) let target = output.base
    forRows(columns) { row in
      let x = source + row * columns
      let y = target + row * columns
      var largest = x[0]
      for i in 1..<columns { largest = max(largest, x[i]) }
      for i in 0..<columns { y[i] = (x[i] - largest) / temperature }
      var total = 0.0
      for i in 0..<columns { total += Double(expf(y[i])) }
      // Not x − (largest + log): that sum would round away the logarithm's digits beside large logits.
      let logarithm = Float(Glibc.log(total))
      for i in 0..<columns { y[i] -= logarithm }
    }
    let result = output.detached()
    return output.recorded("logSoftmax", [self], isRecordable: true) { gradient in
      guard isRecording else { return [result.logSoftmaxPull(gradient, temperature)] }
      let probabilities = self.softmax(temperature: temperature)
      return [(gradient - probabilities * gradient.sum(alongAxes: [-1], keepsAxes: true)) / temperature]
    }
  }

  /// Softmax of these logits over a temperature along the last axis.
  ///
  /// - Parameter temperature: T > 0.
  /// - Returns: of this shape; each row sums to 1.
  public func softmax(temperature: Float = 1) -> Tensor {
    let output = withoutRecording { self.logSoftmax(temperature: temperature).exp() }
    let result = output.detached()
    return output.recorded("softmax", [self], isRecordable: true) { gradient in
      let probabilities = isRecording ? self.softmax(temperature: temperature) : result
      let weighted = gradient * probabilities
      let slope = weighted - probabilities * weighted.sum(alongAxes: [-1], keepsAxes: true)
      return [temperature == 1 ? slope : slope / temperature]
    }
  }

  /// (g − eʸ Σ g) / T of each row y of logarithms of probabilities.
  private func logSoftmaxPull(_ gradient: Tensor, _ temperature: Float) -> Tensor {
    let columns = shape[-1]
    let output = Tensor(uninitialized: shape)
    nonisolated(unsafe) let (logarithms, slopes, target) = (base, gradient.base, output.base)
    forRows(columns) { row in
      let (y, g, out) = (logarithms + row * columns, slopes + row * columns, target + row * columns)
      var total = 0.0
      for i in 0..<columns { total += Double(g[i]) }
      let sum = Float(total)
      for i in 0..<columns { out[i] = (g[i] - expf(y[i]) * sum) / temperature }
    }
    return output
  }

  /// Does something for each row of the last axis, on all threads.
  private func forRows(_ columns: Int, _ body: @Sendable (Int) -> Void) {
    parallelFor(count: count / columns, grain: max(1, 4096 / columns)) { range in
      for row in range { body(row) }
    }
  }
}
