import Support

extension Tensor {
  /// Values by their places along one axis: `result[…, k, …] = self[…, indices[…, k, …], …]`, as PyTorch's `gather`.
  ///
  /// - Parameters:
  ///   - indices: of this tensor's shape but along the axis, where they may be of any extent.
  ///   - axis: along which the places count.
  /// - Returns: a tensor of the indices' shape.
  public func gathered(_ indices: Indices, alongAxis axis: Int) -> Tensor {
    let axis = shape.normalized(axis, "gathered")
    let extent = shape[axis]
    let count = indices.shape.rank == shape.rank ? indices.shape[axis] : 0
    precondition(
      indices.shape == shape.replacing(axis, with: count),
      "gathered: indices \(indices.shape) along axis \(axis) of shape \(shape)")
    checkIndices(indices.values, below: extent, "gathered")
    let (outer, _, inner) = shape.split(at: axis)
    let output = Tensor(uninitialized: indices.shape)
    nonisolated(unsafe) let (source, target) = (base, output.base)
    indices.values.withUnsafeBufferPointer { places in
      nonisolated(unsafe) let places = places
      parallelLines(outer: outer, extent: count, inner: inner) { o, lines in
        for k in 0..<count {
          let row = (o * count + k) * inner
          for i in lines { target[row + i] = source[(o * extent + places[row + i]) * inner + i] }
        }
      }
    }
    return output.recorded("gathered", [self], isRecordable: true) {
      [$0.scatterAdded(indices, alongAxis: axis, extent: extent)]
    }
  }

  /// The values summed up at their places along one axis, as PyTorch's `scatter_add` into zeros.
  ///
  /// - Parameters:
  ///   - indices: the place of each value; of this tensor's shape.
  ///   - axis: along which the places count.
  ///   - extent: of the result along that axis.
  /// - Returns: zeros where no value goes to.
  public func scatterAdded(_ indices: Indices, alongAxis axis: Int, extent: Int) -> Tensor {
    let axis = shape.normalized(axis, "scatterAdded")
    precondition(indices.shape == shape, "scatterAdded: indices \(indices.shape) for shape \(shape)")
    checkIndices(indices.values, below: extent, "scatterAdded")
    let (outer, count, inner) = shape.split(at: axis)
    let output = Tensor.zeros(shape.replacing(axis, with: extent))
    nonisolated(unsafe) let (source, target) = (base, output.base)
    indices.values.withUnsafeBufferPointer { places in
      nonisolated(unsafe) let places = places
      parallelLines(outer: outer, extent: count, inner: inner) { o, lines in
        for k in 0..<count {
          let row = (o * count + k) * inner
          for i in lines { target[(o * extent + places[row + i]) * inner + i] += source[row + i] }
        }
      }
    }
    return output.recorded("scatterAdded", [self], isRecordable: true) { [$0.gathered(indices, alongAxis: axis)] }
  }

  /// Whole entries of one axis by index; an index may occur more than once.
  ///
  /// - Parameters:
  ///   - indices: places along the axis.
  ///   - axis: any.
  /// - Returns: this tensor's shape with as many entries along the axis as there are indices.
  public func taken(_ indices: [Int], alongAxis axis: Int) -> Tensor {
    let axis = shape.normalized(axis, "taken")
    let (outer, extent, inner) = shape.split(at: axis)
    checkIndices(indices, below: extent, "taken")
    let output = Tensor(uninitialized: shape.replacing(axis, with: indices.count))
    nonisolated(unsafe) let (source, target) = (base, output.base)
    let count = indices.count
    parallelFor(count: outer * count, grain: max(1, elementGrain / max(1, inner))) { range in
      for place in range {
        let from = place / count * extent + indices[place % count]
        (target + place * inner).update(from: source + from * inner, count: inner)
      }
    }
    return output.recorded("taken", [self], isRecordable: true) {
      [$0.added(at: indices, alongAxis: axis, extent: extent)]
    }
  }

  /// Whole entries of one axis summed up at their places along it: what ``taken(_:alongAxis:)`` undoes.
  ///
  /// - Parameters:
  ///   - indices: the place of each entry.
  ///   - axis: any.
  ///   - extent: of the result along that axis.
  /// - Returns: zeros where no entry goes to.
  public func added(at indices: [Int], alongAxis axis: Int, extent: Int) -> Tensor {
    let axis = shape.normalized(axis, "added")
    let (outer, count, inner) = shape.split(at: axis)
    precondition(indices.count == count, "added: \(indices.count) indices along axis \(axis) of shape \(shape)")
    checkIndices(indices, below: extent, "added")
    let output = Tensor.zeros(shape.replacing(axis, with: extent))
    nonisolated(unsafe) let (source, target) = (base, output.base)
    parallelLines(outer: outer, extent: count, inner: inner) { o, lines in
      for k in 0..<count {
        let (from, to) = ((o * count + k) * inner, (o * extent + indices[k]) * inner)
        for i in lines { target[to + i] += source[from + i] }
      }
    }
    return output.recorded("added", [self], isRecordable: true) { [$0.taken(indices, alongAxis: axis)] }
  }
}
