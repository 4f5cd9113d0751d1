import Support

/// An operation of a caller's own, with a gradient of its own, on the tape like any other.
///
/// ```swift
/// let square = operation("square", of: [x]) { $0[0] * $0[0] } gradient: { [2 * $0 * $1[0]] }
/// ```
///
/// The value is worked out without a tape, so it may be found in any way, also number by number.
///
/// - Parameters:
///   - name: for error lines.
///   - operands: what the value depends on.
///   - isDifferentiableAgain: whether `gradient` is written in differentiable operations on the upstream gradient and the
///     operands, so that second derivatives can be taken through it.
///   - value: the result, from the operands; of any shape.
///   - gradient: from d(loss)/d(result), the operands and the result, all as constants unless `isDifferentiableAgain`
///     (the result always is one), to d(loss)/d(operand) for each operand, of its shape; nil for one that gets none.
/// - Returns: the result.
/// - Throws: what `value` throws.
public func operation(
  _ name: String, of operands: [Tensor], isDifferentiableAgain: Bool = false, value: ([Tensor]) throws -> Tensor,
  gradient: @escaping (_ upstream: Tensor, _ operands: [Tensor], _ result: Tensor) -> [Tensor?]
) rethrows -> Tensor {
  let constants = operands.map { $0.detached() }
  let result = try withoutRecording { try value(constants) }.detached()
  let kept = isDifferentiableAgain ? operands : constants
  // The tensor itself would hold the entry of the tape that holds it.
  let values = result.detached()
  return result.recorded(name, operands, isRecordable: isDifferentiableAgain) { upstream in
    let slopes = gradient(upstream, kept, values)
    precondition(
      slopes.count == operands.count, "\(name): \(slopes.count) gradients for \(operands.count) operands")
    for (slope, operand) in zip(slopes, kept) {
      precondition(
        slope.map { $0.shape == operand.shape } ?? true,
        "\(name): a gradient of \(slope?.shape ?? operand.shape) for an operand of \(operand.shape)")
    }
    return slopes
  }
}
