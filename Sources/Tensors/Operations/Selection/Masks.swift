import Support

extension Tensor {
  /// Ones where a condition holds and zeros elsewhere: a constant.
  public func mask(where condition: @escaping @Sendable (Float) -> Bool) -> Tensor {
    mapElements(self) { condition($0) ? 1 : 0 }
  }
}

/// Ones where the first of a pair is greater than the second and zeros elsewhere, broadcast by NumPy's rule: a constant,
/// in a fraction of the time that a condition of one's own takes.
public func exceeds(_ a: Tensor, _ b: Tensor) -> Tensor { broadcastVectors(a, b, "exceeds", Exceeds()) }

/// Ones where a condition on each pair holds and zeros elsewhere, broadcast by NumPy's rule: a constant.
public func mask(_ a: Tensor, _ b: Tensor, where condition: @escaping @Sendable (Float, Float) -> Bool) -> Tensor {
  broadcastElements(a, b, "mask") { condition($0, $1) ? 1 : 0 }
}

/// One tensor's values where a mask is not zero, the other's elsewhere; all three broadcast by NumPy's rule.
///
/// What is not chosen counts for nothing, even if it is infinite or not a number.
///
/// - Parameters:
///   - mask: a constant.
///   - a: is taken where the mask is not zero.
///   - b: is taken where it is zero.
/// - Returns: a tensor of the common shape.
public func chosen(where mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
  let shape = Shape.broadcast(mask.shape, Shape.broadcast(a.shape, b.shape, "chosen"), "chosen")
  let mask = mask.detached().broadcast(to: shape)
  let output = Tensor(uninitialized: shape)
  let (first, second) = (a.detached().broadcast(to: shape), b.detached().broadcast(to: shape))
  nonisolated(unsafe) let (choice, x, y, target) = (mask.base, first.base, second.base, output.base)
  parallelFor(count: output.count, grain: elementGrain) { range in
    for i in range { target[i] = choice[i] != 0 ? x[i] : y[i] }
  }
  return output.recorded("chosen", [a, b], isRecordable: true) { gradient in
    let none = Tensor(0)
    return [
      a.isWanted ? chosen(where: mask, gradient, none).summed(to: a.shape) : nil,
      b.isWanted ? chosen(where: mask, none, gradient).summed(to: b.shape) : nil,
    ]
  }
}
