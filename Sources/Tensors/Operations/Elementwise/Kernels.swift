import Support

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

/// Adds `b` to `a` in place; in blocks where both have them and `a` has nothing else.
func addInPlace(_ a: Tensor, _ b: Tensor) {
  precondition(a.shape == b.shape, "addInPlace: shapes \(a.shape) and \(b.shape) differ")
  if a.contents.isBlocksOnly, let target = a.contents.blocks {
    let source = b.blocks(batch: target.batch)
    return withExtendedLifetime(source) {
      zipVectors(target.storage.raw, source.storage.raw, into: target.storage.raw, count: a.count, Sum())
    }
  }
  let target = a.raw
  a.contents.dropBlocks()
  zipVectors(target, b.raw, into: target, count: a.count, Sum())
}

/// Copies all elements into a tensor of the same count.
func copyElements(_ source: Tensor, into target: Tensor) {
  precondition(source.count == target.count, "copyElements: shapes \(source.shape) and \(target.shape)")
  copyFloats(source.base, to: target.base, count: source.count)
}

/// Copies on all threads.
func copyFloats(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
  nonisolated(unsafe) let (from, to) = (source, target)
  parallelFor(count: count, grain: elementGrain) { range in
    (to + range.lowerBound).update(from: from + range.lowerBound, count: range.count)
  }
}

/// Copies runs of equal length that lie at equal distances, on all threads.
///
/// - Parameters:
///   - count: number of runs.
///   - length: floats in each.
///   - source: where the first begins.
///   - sourceStep: floats from one to the next.
///   - target: where the first goes.
///   - targetStep: floats from one to the next.
func copyRuns(
  _ count: Int, of length: Int, _ source: UnsafePointer<Float>, step sourceStep: Int,
  to target: UnsafeMutablePointer<Float>, step targetStep: Int
) {
  if sourceStep == length, targetStep == length { return copyFloats(source, to: target, count: count * length) }
  nonisolated(unsafe) let (from, to) = (source, target)
  parallelFor(count: count, grain: max(1, elementGrain / max(1, length))) { range in
    for run in range { copyRun(from + run * sourceStep, to: to + run * targetStep, count: length) }
  }
}

/// Copies a few floats without the call that many are worth.
@inline(__always)
func copyRun(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
  if count > 8 { return target.update(from: source, count: count) }
  for i in 0..<count { target[i] = source[i] }
}

/// Runs `body` over the lines that lie along one axis, on all threads: it is given a place among the axes before and a
/// range of places among those after. A line is one thread's alone, so sums along it do not depend on the threads.
@inline(__always)
func parallelLines(
  outer: Int, extent: Int, inner: Int, _ body: @escaping @Sendable (_ outer: Int, _ inner: Range<Int>) -> Void
) {
  parallelFor(count: outer * inner, grain: max(1, elementGrain / max(1, extent))) { range in
    var place = range.lowerBound
    while place < range.upperBound {
      let first = place % inner
      let last = min(inner, first + range.upperBound - place)
      body(place / inner, first..<last)
      place += last - first
    }
  }
}
