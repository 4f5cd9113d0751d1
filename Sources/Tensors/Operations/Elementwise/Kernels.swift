/// Elements that one thread does faster alone than by waking the pool.
let elementGrain = 16_384

/// Writes `function(x)` of every element; the closure is inlined and the loop vectorised.
@inline(__always)
func mapElements(_ a: Tensor, _ function: @escaping @Sendable (Float) -> Float) -> Tensor {
  let result = Tensor(uninitialized: a.shape)
  nonisolated(unsafe) let source = a.base
  nonisolated(unsafe) let target = result.base
  parallelFor(count: a.count, grain: elementGrain) { range in
    for index in range { target[index] = function(source[index]) }
  }
  return result
}

/// Writes `function(x, y)` of every pair of two tensors of one shape.
@inline(__always)
func zipElements(_ a: Tensor, _ b: Tensor, _ function: @escaping @Sendable (Float, Float) -> Float) -> Tensor {
  precondition(a.shape == b.shape, "zipElements: shapes \(a.shape) and \(b.shape) differ")
  let result = Tensor(uninitialized: a.shape)
  nonisolated(unsafe) let first = a.base
  nonisolated(unsafe) let second = b.base
  nonisolated(unsafe) let target = result.base
  parallelFor(count: a.count, grain: elementGrain) { range in
    for index in range { target[index] = function(first[index], second[index]) }
  }
  return result
}

/// Adds `b` to `a` in place.
func addInPlace(_ a: Tensor, _ b: Tensor) {
  precondition(a.shape == b.shape, "addInPlace: shapes \(a.shape) and \(b.shape) differ")
  nonisolated(unsafe) let target = a.base
  nonisolated(unsafe) let source = b.base
  parallelFor(count: a.count, grain: elementGrain) { range in
    for index in range { target[index] += source[index] }
  }
}

/// Copies all elements into a tensor of the same count.
func copyElements(_ source: Tensor, into target: Tensor) {
  precondition(source.count == target.count, "copyElements: shapes \(source.shape) and \(target.shape)")
  nonisolated(unsafe) let from = source.base
  nonisolated(unsafe) let to = target.base
  parallelFor(count: source.count, grain: elementGrain) { range in
    (to + range.lowerBound).update(from: from + range.lowerBound, count: range.count)
  }
}
