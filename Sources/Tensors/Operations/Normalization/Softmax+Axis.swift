import Support

extension Tensor {
  /// log softmax along any axis.
  public func logSoftmax(alongAxis axis: Int) -> Tensor { onLastAxis(axis, "logSoftmax") { $0.logSoftmax() } }

  /// Softmax along any axis.
  public func softmax(alongAxis axis: Int) -> Tensor { onLastAxis(axis, "softmax") { $0.softmax() } }

  /// Does what works along the last axis along another one.
  private func onLastAxis(_ axis: Int, _ operation: String, _ body: (Tensor) -> Tensor) -> Tensor {
    let axis = shape.normalized(axis, operation)
    guard axis < shape.rank - 1 else { return body(self) }
    var order = Array(0..<shape.rank)
    order.swapAt(axis, shape.rank - 1)
    return body(permuted(order)).permuted(order)
  }
}
