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
  return measured(a, b, isOneSet: false).recorded("squaredDistances", [a, b], isRecordable: true) { gradient in
    let slope = isRecording ? recordedPull : pull
    return [a.isWanted ? slope(a, b, gradient) : nil, b.isWanted ? slope(b, a, gradient.transposedLast) : nil]
  }
}

/// Squared Euclidean distances between the points of one set, as ``squaredDistances(_:_:)`` has them, each pair once.
///
/// - Parameter points: [m, features], or a batch of sets of points, [batch, m, features].
/// - Returns: [m, m], or [batch, m, m], symmetric, 0 on the diagonal.
public func squaredDistances(among points: Tensor) -> Tensor {
  precondition([2, 3].contains(points.shape.rank), "squaredDistances: shape \(points.shape) is no set of points")
  return measured(points, points, isOneSet: true).recorded("squaredDistances", [points], isRecordable: true) {
    gradient in
    let both = gradient + gradient.transposedLast
    return [(isRecording ? recordedPull : pull)(points, points, both)]
  }
}

extension Tensor {
  fileprivate var transposedLast: Tensor { shape.rank == 2 ? transposed() : permuted([0, 2, 1]) }
}

/// Features that are looked at before the next ones of the same points: what stays near of many points.
private let stretch = 1024

private func measured(_ a: Tensor, _ b: Tensor, isOneSet: Bool) -> Tensor {
  let (rows, columns, width) = (a.shape[-2], b.shape[-2], a.shape[-1])
  let output = Tensor.zeros(Shape(a.shape.dimensions.dropLast() + [columns]))
  nonisolated(unsafe) let (first, second, target) = (a.base, b.base, output.base)
  // Of one set the first row has the most pairs to it and the last none: two together have always as many.
  let units = isOneSet ? (rows + 1) / 2 : rows
  let count = output.count / max(1, rows * columns) * units
  parallelFor(count: count, grain: max(1, elementGrain / max(1, columns * width))) { range in
    for start in stride(from: 0, to: width, by: stretch) {
      let length = min(stretch, width - start)
      func fill(_ set: Int, _ row: Int) {
        addSquaredDistances(
          first + (set * rows + row) * width + start, second + set * columns * width + start, apart: width, length,
          columns: (isOneSet ? row + 1 : 0)..<columns, to: target + (set * rows + row) * columns)
      }
      for unit in range {
        let (set, row) = unit.quotientAndRemainder(dividingBy: units)
        fill(set, row)
        if isOneSet && rows - 1 - row != row { fill(set, rows - 1 - row) }
      }
    }
    guard isOneSet else { return }
    for unit in range {
      let (set, half) = unit.quotientAndRemainder(dividingBy: units)
      let table = target + set * rows * columns
      // In the middle both are one row.
      for row in [half, rows - 1 - half] {
        for column in row + 1..<columns { table[column * columns + row] = table[row * columns + column] }
      }
    }
  }
  return output
}

/// 2 Σⱼ gᵢⱼ (xᵢ − yⱼ) for each point x of each set.
private func pull(_ points: Tensor, _ others: Tensor, _ gradient: Tensor) -> Tensor {
  let (rows, count, width) = (points.shape[-2], others.shape[-2], points.shape[-1])
  let output = Tensor.zeros(points.shape)
  nonisolated(unsafe) let (x, y, g, target) = (points.base, others.base, gradient.base, output.base)
  parallelFor(count: points.count / max(1, width), grain: max(1, elementGrain / max(1, count * width))) { range in
    for start in stride(from: 0, to: width, by: stretch) {
      for row in range {
        addDifferences(
          x + row * width + start, y + row / rows * count * width + start, apart: width, min(stretch, width - start),
          factors: UnsafeBufferPointer(start: g + row * count, count: count), to: target + row * width + start)
      }
    }
  }
  return output
}

/// The same from operations that record their own gradients.
private func recordedPull(_ points: Tensor, _ others: Tensor, _ gradient: Tensor) -> Tensor {
  let product = points.shape.rank == 2 ? matrixProduct : batchedMatrixProduct
  return (points * gradient.sum(alongAxes: [-1], keepsAxes: true) - product(gradient, others, false, false)) * 2
}
