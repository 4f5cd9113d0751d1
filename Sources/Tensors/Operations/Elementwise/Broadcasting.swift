import Support

/// Writes `kernel(x, y)` over two tensors that NumPy's rule broadcasts to one shape.
@inline(__always)
func broadcastVectors(_ a: Tensor, _ b: Tensor, _ operation: String, _ kernel: some BinaryKernel) -> Tensor {
  if a.shape == b.shape { return zipVectors(a, b, kernel) }
  let shape = Shape.broadcast(a.shape, b.shape, operation)
  let result = Tensor(uninitialized: shape)
  let plan = BroadcastPlan(shape: shape, a.shape, b.shape)
  nonisolated(unsafe) let (first, second, target) = (a.base, b.base, result.base)
  parallelFor(count: plan.runs, grain: max(1, elementGrain / max(1, plan.run))) { range in
    plan.forEachRun(range) { index, x, y in
      let out = target + index * plan.run
      switch (plan.firstAdvances, plan.secondAdvances) {
      case (true, true): writeRun(out, plan.run, kernel, .advancing(first + x), .advancing(second + y))
      case (true, false): writeRun(out, plan.run, kernel, .advancing(first + x), .standing(second[y]))
      case (false, true): writeRun(out, plan.run, kernel, .standing(first[x]), .advancing(second + y))
      case (false, false): writeRun(out, plan.run, kernel, .standing(first[x]), .standing(second[y]))
      }
    }
  }
  return result
}

/// What one operand gives along a run.
private enum RunOperand {
  case advancing(UnsafePointer<Float>)
  case standing(Float)

  @inline(__always) func lanes(_ offset: Int) -> Lanes {
    switch self {
    case .advancing(let values): Tensors.lanes(at: values + offset)
    case .standing(let value): Lanes(repeating: value)
    }
  }

  @inline(__always) func value(_ offset: Int) -> Float {
    switch self {
    case .advancing(let values): values[offset]
    case .standing(let value): value
    }
  }
}

/// Writes one run in whole vectors; runs need not begin at a vector's boundary, and what is left goes one by one.
@inline(__always)
private func writeRun(
  _ out: UnsafeMutablePointer<Float>, _ count: Int, _ kernel: some BinaryKernel, _ x: RunOperand, _ y: RunOperand
) {
  let whole = count & ~(Lanes.scalarCount - 1)
  var offset = 0
  while offset < whole {
    store(kernel(x.lanes(offset), y.lanes(offset)), out + offset)
    offset += Lanes.scalarCount
  }
  while offset < count {
    out[offset] = kernel(x.value(offset), y.value(offset))
    offset += 1
  }
}

/// Writes `function(x, y)` over two tensors that NumPy's rule broadcasts to one shape.
@inline(__always)
func broadcastElements(
  _ a: Tensor, _ b: Tensor, _ operation: String, _ function: @escaping @Sendable (Float, Float) -> Float
) -> Tensor {
  if a.shape == b.shape { return zipElements(a, b, function) }
  let shape = Shape.broadcast(a.shape, b.shape, operation)
  let result = Tensor(uninitialized: shape)
  let plan = BroadcastPlan(shape: shape, a.shape, b.shape)
  nonisolated(unsafe) let first = a.base
  nonisolated(unsafe) let second = b.base
  nonisolated(unsafe) let target = result.base
  let run = plan.run
  parallelFor(count: plan.runs, grain: max(1, elementGrain / max(1, run))) { range in
    plan.forEachRun(range) { index, x, y in
      let out = target + index * run
      switch (plan.firstAdvances, plan.secondAdvances) {
      case (true, true): for i in 0..<run { out[i] = function(first[x + i], second[y + i]) }
      case (true, false): for i in 0..<run { out[i] = function(first[x + i], second[y]) }
      case (false, true): for i in 0..<run { out[i] = function(first[x], second[y + i]) }
      case (false, false): for i in 0..<run { out[i] = function(first[x], second[y]) }
      }
    }
  }
  return result
}

/// How two operands are walked: runs along the last axes over which each either advances by one or stands still.
struct BroadcastPlan: Sendable {
  let runs: Int
  let run: Int
  let firstAdvances: Bool
  let secondAdvances: Bool
  private let outer: [Int]
  private let firstStrides: [Int]
  private let secondStrides: [Int]

  init(shape: Shape, _ a: Shape, _ b: Shape) {
    var extents: [Int] = []
    var first: [Int] = []
    var second: [Int] = []
    let x = BroadcastPlan.strides(of: a, in: shape)
    let y = BroadcastPlan.strides(of: b, in: shape)
    // Neighbouring axes that both operands walk alike become one.
    for axis in 0..<shape.rank where shape[axis] != 1 {
      if let extent = extents.last, first[first.count - 1] == x[axis] * shape[axis],
        second[second.count - 1] == y[axis] * shape[axis]
      {
        extents[extents.count - 1] = extent * shape[axis]
        first[first.count - 1] = x[axis]
        second[second.count - 1] = y[axis]
      } else {
        extents.append(shape[axis])
        first.append(x[axis])
        second.append(y[axis])
      }
    }
    run = extents.popLast() ?? 1
    firstAdvances = (first.popLast() ?? 0) != 0
    secondAdvances = (second.popLast() ?? 0) != 0
    outer = extents
    firstStrides = first
    secondStrides = second
    runs = extents.reduce(1, *) * (shape.count == 0 ? 0 : 1)
  }

  /// Calls `body` with each run and where the operands begin in it, stepping along the last axis and dividing only where
  /// that ends.
  @inline(__always)
  func forEachRun(_ range: Range<Int>, _ body: (_ index: Int, _ first: Int, _ second: Int) -> Void) {
    let (extent, firstStep, secondStep) = (outer.last ?? 1, firstStrides.last ?? 0, secondStrides.last ?? 0)
    var index = range.lowerBound
    while index < range.upperBound {
      var (x, y) = offsets(ofRun: index)
      let end = min(range.upperBound, index + extent - index % extent)
      while index < end {
        body(index, x, y)
        x += firstStep
        y += secondStep
        index += 1
      }
    }
  }

  private func offsets(ofRun index: Int) -> (Int, Int) {
    var rest = index
    var x = 0
    var y = 0
    for axis in stride(from: outer.count - 1, through: 0, by: -1) {
      let position = rest % outer[axis]
      rest /= outer[axis]
      x += position * firstStrides[axis]
      y += position * secondStrides[axis]
    }
    return (x, y)
  }

  private static func strides(of operand: Shape, in shape: Shape) -> [Int] {
    var strides = Array(repeating: 0, count: shape.rank)
    var step = 1
    for axis in stride(from: operand.rank - 1, through: 0, by: -1) {
      strides[axis + shape.rank - operand.rank] = operand[axis] == 1 ? 0 : step
      step *= operand[axis]
    }
    return strides
  }
}

extension Tensor {
  /// The sum over the axes along which this tensor was broadcast from `shape`.
  func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    let extra = self.shape.rank - shape.rank
    let axes = (0..<self.shape.rank).filter { $0 < extra || (shape[$0 - extra] == 1 && self.shape[$0] != 1) }
    return sum(alongAxes: axes).reshaped(shape)
  }

  /// The same values repeated to a larger shape, by NumPy's rule.
  public func broadcast(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    precondition(
      Shape.broadcast(self.shape, shape, "broadcast") == shape, "broadcast: shape \(self.shape) to \(shape)")
    return broadcastVectors(self, Tensor(uninitialized: shape), "broadcast", First())
      .recorded("broadcast", [self], isRecordable: true) { [from = self.shape] in [$0.summed(to: from)] }
  }
}
