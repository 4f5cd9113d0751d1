import Support

/// Tensors of one shape laid beside each other along a new axis.
///
/// - Parameters:
///   - tensors: at least one.
///   - axis: of the result.
/// - Returns: a tensor with one axis more.
public func stacked(_ tensors: [Tensor], alongAxis axis: Int = 0) -> Tensor {
  precondition(!tensors.isEmpty, "stacked: no tensors")
  let rank = tensors[0].shape.rank + 1
  let place = axis < 0 ? axis + rank : axis
  precondition(
    place >= 0 && place < rank && tensors.allSatisfy { $0.shape == tensors[0].shape },
    "stacked: shapes \(tensors.map(\.shape)) along axis \(axis)")
  var extents = tensors[0].shape.dimensions
  extents.insert(1, at: place)
  return concatenated(tensors.map { $0.reshaped(Shape(extents)) }, alongAxis: place)
}

extension Tensor {
  /// Consecutive parts of one axis.
  ///
  /// - Parameters:
  ///   - extents: of the parts, which together make the axis.
  ///   - axis: any.
  /// - Returns: one tensor for each part.
  public func split(_ extents: [Int], alongAxis axis: Int) -> [Tensor] {
    let axis = shape.normalized(axis, "split")
    precondition(extents.reduce(0, +) == shape[axis], "split: parts \(extents) of axis \(axis), shape \(shape)")
    var start = 0
    return extents.map { extent in
      defer { start += extent }
      return slice(start..<start + extent, alongAxis: axis)
    }
  }

  /// The entries of one axis, which vanishes from their shapes: what ``stacked(_:alongAxis:)`` undoes.
  public func unstacked(alongAxis axis: Int = 0) -> [Tensor] {
    let axis = shape.normalized(axis, "unstacked")
    var rest = shape.dimensions
    rest.remove(at: axis)
    return split(Array(repeating: 1, count: shape[axis]), alongAxis: axis).map { $0.reshaped(Shape(rest)) }
  }

  /// The tensor with a margin of one value around it.
  ///
  /// - Parameters:
  ///   - before: entries before each axis.
  ///   - after: entries behind each axis.
  ///   - value: of the margin.
  /// - Returns: a tensor that is larger by both along each axis.
  public func padded(before: [Int], after: [Int], value: Float = 0) -> Tensor {
    let rank = shape.rank
    precondition(
      before.count == rank && after.count == rank && (before + after).allSatisfy { $0 >= 0 },
      "padded: margins \(before) and \(after) for shape \(shape)")
    let target = Shape((0..<rank).map { before[$0] + shape[$0] + after[$0] })
    let output = Tensor.filled(value, shape: target)
    let from = shape
    // Rows of the innermost axis that grows, with all that lies inside it, are copied in one piece.
    let inmost = (0..<rank).last { before[$0] + after[$0] > 0 } ?? 0
    let inside = (inmost + 1..<max(rank, inmost + 1)).reduce(1) { $0 * from[$1] }
    let run = rank == 0 ? 1 : from[inmost] * inside
    nonisolated(unsafe) let (source, destination) = (base, output.base)
    parallelFor(count: run == 0 ? 0 : count / run, grain: max(1, elementGrain / max(1, run))) { range in
      for row in range {
        var (rest, offset) = (row, rank == 0 ? 0 : before[inmost] * inside)
        var step = rank == 0 ? 1 : target[inmost] * inside
        for axis in stride(from: inmost - 1, through: 0, by: -1) {
          offset += (rest % from[axis] + before[axis]) * step
          rest /= from[axis]
          step *= target[axis]
        }
        copyRun(source + row * run, to: destination + offset, count: run)
      }
    }
    return output.recorded("padded", [self], isRecordable: true) { gradient in
      [
        (0..<rank).filter { before[$0] + after[$0] > 0 }.reduce(gradient) { part, axis in
          part.slice(before[axis]..<before[axis] + from[axis], alongAxis: axis)
        }
      ]
    }
  }
}
