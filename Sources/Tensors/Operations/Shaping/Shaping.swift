import Support

extension Tensor {
  /// The same values, seen in another shape of the same count; nothing is copied.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "reshaped: \(self.shape) has \(count) elements, \(shape) has \(shape.count)")
    if shape == self.shape { return self }
    return Tensor(shape: shape, storage: storage).recorded("reshaped", [self], isRecordable: true) {
      [from = self.shape] in [$0.reshaped(from)]
    }
  }

  /// Axes in another order: axis `i` of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(0..<shape.rank), "permuted: order \(order) for shape \(shape)")
    let target = Shape(order.map { shape[$0] })
    var strides = Array(repeating: 1, count: shape.rank)
    for axis in stride(from: shape.rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let steps = order.map { strides[$0] }
    let output = Tensor(uninitialized: target)
    let run = target.rank == 0 ? 1 : target[-1]
    let step = steps.last ?? 1
    nonisolated(unsafe) let source = base
    nonisolated(unsafe) let destination = output.base
    parallelFor(count: run == 0 ? 0 : target.count / run, grain: max(1, elementGrain / max(1, run))) {
      range in
      for row in range {
        var rest = row
        var offset = 0
        for axis in stride(from: target.rank - 2, through: 0, by: -1) {
          offset += rest % target[axis] * steps[axis]
          rest /= target[axis]
        }
        for i in 0..<run { destination[row * run + i] = source[offset + i * step] }
      }
    }
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return output.recorded("permuted", [self], isRecordable: true) { [$0.permuted(inverse)] }
  }

  /// The transpose of a matrix.
  public func transposed() -> Tensor { permuted([1, 0]) }

  /// The part of one axis that lies in a range.
  public func slice(_ range: Range<Int>, alongAxis axis: Int) -> Tensor {
    let axis = shape.normalized(axis, "slice")
    let (outer, extent, inner) = shape.split(at: axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= extent, "slice: range \(range) of axis \(axis), shape \(shape)")
    let target = Shape(shape.dimensions.enumerated().map { $0.offset == axis ? range.count : $0.element })
    let length = range.count * inner
    let output = Tensor(uninitialized: target)
    copyRuns(
      outer, of: length, base + range.lowerBound * inner, step: extent * inner, to: output.base, step: length)
    return output.recorded("slice", [self], isRecordable: true) { [rank = shape.rank] gradient in
      func margin(_ count: Int) -> [Int] { (0..<rank).map { $0 == axis ? count : 0 } }
      return [gradient.padded(before: margin(range.lowerBound), after: margin(extent - range.upperBound))]
    }
  }

  /// Rows (entries along the first axis) by index; an index may occur more than once.
  public func rows(_ indices: [Int]) -> Tensor {
    precondition(shape.rank > 0, "rows: a scalar has no rows")
    let width = shape.count / max(1, shape[0])
    let target = Shape([indices.count] + shape.dimensions.dropFirst())
    let output = Tensor(uninitialized: target)
    for (place, index) in indices.enumerated() {
      precondition(index >= 0 && index < shape[0], "rows: index \(index) for shape \(shape)")
      (output.base + place * width).update(from: base + index * width, count: width)
    }
    return output.recorded("rows", [self], isRecordable: true) { [extent = shape[0]] gradient in
      [gradient.added(at: indices, alongAxis: 0, extent: extent)]
    }
  }

  /// One element of each row of a matrix: `self[i, columns[i]]`.
  ///
  /// - Returns: [rows].
  public func picked(_ columns: [Int]) -> Tensor {
    precondition(shape.rank == 2 && columns.count == shape[0], "picked: \(columns.count) columns for shape \(shape)")
    let width = shape[1]
    let output = Tensor(shape: [columns.count]) { values in
      for (row, column) in columns.enumerated() {
        precondition(column >= 0 && column < width, "picked: column \(column) for shape \(shape)")
        values[row] = base[row * width + column]
      }
    }
    let places = Indices(columns, shape: [columns.count, 1])
    return output.recorded("picked", [self], isRecordable: true) { gradient in
      [gradient.reshaped(places.shape).scatterAdded(places, alongAxis: 1, extent: width)]
    }
  }
}

/// Tensors laid end to end along one axis; their other extents agree.
public func concatenated(_ tensors: [Tensor], alongAxis axis: Int) -> Tensor {
  precondition(!tensors.isEmpty, "concatenated: no tensors")
  let axis = tensors[0].shape.normalized(axis, "concatenated")
  let total = tensors.reduce(0) { $0 + $1.shape[axis] }
  let target = Shape(tensors[0].shape.dimensions.enumerated().map { $0.offset == axis ? total : $0.element })
  let (outer, _, inner) = target.split(at: axis)
  let output = Tensor(uninitialized: target)
  var start = 0
  var ranges: [Range<Int>] = []
  for tensor in tensors {
    let others = tensor.shape.dimensions.enumerated().allSatisfy {
      $0.offset == axis || $0.element == target[$0.offset]
    }
    precondition(
      tensor.shape.rank == target.rank && others,
      "concatenated: shapes \(tensors.map(\.shape)) along axis \(axis)")
    let extent = tensor.shape[axis]
    copyRuns(
      outer, of: extent * inner, tensor.base, step: extent * inner, to: output.base + start * inner, step: total * inner
    )
    ranges.append(start..<start + extent)
    start += extent
  }
  return output.recorded("concatenated", tensors, isRecordable: true) { gradient in
    zip(tensors, ranges).map { tensor, range in
      tensor.isWanted ? gradient.slice(range, alongAxis: axis) : nil
    }
  }
}
