import Support

/// Squared Euclidean distances of all pairs, summed over the squared differences themselves: no digits are lost where
/// points lie near each other, unlike in ‖x‖² + ‖y‖² − 2x·y.
///
/// - Parameters:
///   - a: points, [m, features], or a batch of sets of points, [batch, m, features].
///   - b: points, [n, features], or a batch, [batch, n, features].
/// - Returns: [m, n], or [batch, m, n].
public func squaredDistances(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(
    [2, 3].contains(a.shape.rank) && a.shape.rank == b.shape.rank && a.shape[-1] == b.shape[-1]
      && a.shape.dimensions.dropLast(2) == b.shape.dimensions.dropLast(2),
    "squaredDistances: shapes \(a.shape) and \(b.shape) are no points of one space")
  let (rows, columns, width) = (a.shape[-2], b.shape[-2], a.shape[-1])
  let output = Tensor(uninitialized: Shape(a.shape.dimensions.dropLast() + [columns]))
  nonisolated(unsafe) let (first, second, target) = (a.base, b.base, output.base)
  parallelFor(count: output.count, grain: max(1, elementGrain / max(1, width))) { range in
    for pair in range {
      let (row, set) = (pair / columns, pair / columns / max(1, rows))
      let (x, y) = (first + row * width, second + (set * columns + pair % columns) * width)
      var lanes = SIMD8<Float>()
      let whole = width / 8 * 8
      for start in Swift.stride(from: 0, to: whole, by: 8) {
        let difference = eight(x + start) - eight(y + start)
        lanes += difference * difference
      }
      var total = Double(lanes.total)
      for i in whole..<width { total += Double((x[i] - y[i]) * (x[i] - y[i])) }
      target[pair] = Float(total)
    }
  }
  return output.recorded("squaredDistances", [a, b], isRecordable: true) { gradient in
    if isRecording {
      let product = a.shape.rank == 2 ? matrixProduct : batchedMatrixProduct
      let sums = Shape(b.shape.dimensions.dropLast() + [1])
      return [
        (a * gradient.sum(alongAxes: [-1], keepsAxes: true) - product(gradient, b, false, false)) * 2,
        (b * gradient.sum(alongAxes: [-2]).reshaped(sums) - product(gradient, a, true, false)) * 2,
      ]
    }
    return [
      a.isWanted ? pull(a, b, gradient, steps: (columns, 1)) : nil,
      b.isWanted ? pull(b, a, gradient, steps: (1, columns)) : nil,
    ]
  }
}

/// Eight neighbours in memory, which need not be aligned.
@inline(__always)
private func eight(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

/// 2 Σⱼ gᵢⱼ (xᵢ − yⱼ) for each point x of each set; g lies with the given steps along i and j.
private func pull(_ points: Tensor, _ others: Tensor, _ gradient: Tensor, steps: (Int, Int)) -> Tensor {
  let (rows, count, width) = (points.shape[-2], others.shape[-2], points.shape[-1])
  let output = Tensor.zeros(points.shape)
  nonisolated(unsafe) let (x, y, g, target) = (points.base, others.base, gradient.base, output.base)
  parallelFor(count: points.count / max(1, width), grain: max(1, elementGrain / max(1, count * width))) { range in
    for row in range {
      let (set, i) = row.quotientAndRemainder(dividingBy: rows)
      let (point, sum) = (x + row * width, target + row * width)
      let (factors, others) = (g + set * rows * count + i * steps.0, y + set * count * width)
      for j in 0..<count {
        let (factor, other) = (2 * factors[j * steps.1], others + j * width)
        for k in 0..<width { sum[k] += factor * (point[k] - other[k]) }
      }
    }
  }
  return output
}

/// Euclidean distances of all pairs: √max(d², floor).
///
/// Where points coincide, or lie nearer than √floor, the gradient is 0, never infinite. RKD and its relatives take a
/// floor of 1e-12 and set the diagonal to 0 themselves.
///
/// - Parameters:
///   - a: points, [m, features].
///   - b: points, [n, features].
///   - floor: the smallest squared distance; with 0, equal points have the distance 0.
/// - Returns: [m, n].
public func distances(_ a: Tensor, _ b: Tensor, floor: Float = 0) -> Tensor {
  let squares = squaredDistances(a, b)
  let near = squares.mask { $0 <= floor }
  guard near.withFloats({ $0.contains(1) }) else { return squares.squareRoot() }
  return chosen(where: near, Tensor(floor.squareRoot()), chosen(where: near, Tensor(1), squares).squareRoot())
}

/// Cosines of all pairs; a point at zero has the cosine 0 with all, and the gradient 0.
///
/// - Parameters:
///   - a: points, [m, features].
///   - b: points, [n, features].
///   - epsilon: the smallest length that a point is divided by.
/// - Returns: [m, n].
public func cosines(_ a: Tensor, _ b: Tensor, epsilon: Float = 1e-12) -> Tensor {
  matrixProduct(
    a.normalized(alongAxis: 1, epsilon: epsilon), b.normalized(alongAxis: 1, epsilon: epsilon), transposesSecond: true)
}
