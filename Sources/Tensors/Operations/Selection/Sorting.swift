import Support

extension Tensor {
  /// The values along one axis in order, and where each came from; equal values keep their order.
  ///
  /// Not-a-number counts as larger than all, as in PyTorch. The gradient goes back to where a value came from.
  ///
  /// - Parameters:
  ///   - axis: along which to sort.
  ///   - descending: whether the largest comes first.
  /// - Returns: sorted values and their former places, both of this shape.
  public func sorted(alongAxis axis: Int, descending: Bool = false) -> (values: Tensor, indices: Indices) {
    let axis = shape.normalized(axis, "sorted")
    let indices = order(alongAxis: axis, descending: descending)
    return (gathered(indices, alongAxis: axis), indices)
  }

  /// The `count` largest values along one axis, largest first, and their places; the first of equal values wins.
  ///
  /// - Parameters:
  ///   - count: at most the axis' extent.
  ///   - axis: along which to look.
  ///   - smallest: whether the smallest are wanted instead, smallest first.
  /// - Returns: values and places, with `count` entries along the axis.
  public func top(_ count: Int, alongAxis axis: Int, smallest: Bool = false) -> (values: Tensor, indices: Indices) {
    let axis = shape.normalized(axis, "top")
    precondition(count >= 0 && count <= shape[axis], "top: \(count) of axis \(axis), shape \(shape)")
    let indices = order(alongAxis: axis, descending: !smallest).slice(0..<count, alongAxis: axis)
    return (gathered(indices, alongAxis: axis), indices)
  }

  private func order(alongAxis axis: Int, descending: Bool) -> Indices {
    let (outer, extent, inner) = shape.split(at: axis)
    nonisolated(unsafe) let source = base
    let places = [Int](unsafeUninitializedCapacity: shape.count) { buffer, count in
      nonisolated(unsafe) let target = buffer
      parallelLines(outer: outer, extent: extent, inner: inner) { o, lines in
        var line = Array(repeating: 0, count: extent)
        for i in lines {
          let start = o * extent * inner + i
          for e in 0..<extent { line[e] = e }
          line.sort { first, second in
            let (x, y) = (source[start + first * inner], source[start + second * inner])
            let (low, high) = descending ? (y, x) : (x, y)
            if low < high || (high.isNaN && !low.isNaN) { return true }
            return (low == high || (low.isNaN && high.isNaN)) && first < second
          }
          for e in 0..<extent { target[start + e * inner] = line[e] }
        }
      }
      count = shape.count
    }
    return Indices(places, shape: shape)
  }
}
