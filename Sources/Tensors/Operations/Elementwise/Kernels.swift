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

/// The gradient through a ReLU, from its output: zero where the output is not positive.
///
/// In vectors by hand: the compiler turns the same choice per element into branches, 40 times slower.
func reluGradient(_ gradient: Tensor, output: Tensor) -> Tensor {
  precondition(gradient.shape == output.shape, "reluGradient: shapes \(gradient.shape) and \(output.shape) differ")
  let result = Tensor(uninitialized: gradient.shape)
  nonisolated(unsafe) let incoming = gradient.raw
  nonisolated(unsafe) let values = output.raw
  nonisolated(unsafe) let target = result.raw
  let count = gradient.count
  // Storage is 64-byte aligned and padded to whole vectors, so the last one may run past the end.
  parallelFor(count: (count + 15) / 16, grain: elementGrain / 16) { range in
    for vector in range {
      let offset = 64 * vector
      let y = values.load(fromByteOffset: offset, as: SIMD16<Float>.self)
      let g = incoming.load(fromByteOffset: offset, as: SIMD16<Float>.self)
      target.storeBytes(of: g.replacing(with: 0, where: y .<= 0), toByteOffset: offset, as: SIMD16<Float>.self)
    }
  }
  return result
}
