import Support

/// Whole numbers arranged like a tensor: places along one of its axes.
public struct Indices: Sendable, Equatable {
  /// Extents, slowest axis first.
  public let shape: Shape
  /// The numbers, last axis fastest.
  public let values: [Int]

  /// - Parameters:
  ///   - values: last axis fastest.
  ///   - shape: has as many elements as there are values.
  public init(_ values: [Int], shape: Shape) {
    precondition(values.count == shape.count, "indices: \(values.count) values for shape \(shape)")
    self.values = values
    self.shape = shape
  }

  /// The part of one axis that lies in a range.
  public func slice(_ range: Range<Int>, alongAxis axis: Int) -> Indices {
    let axis = shape.normalized(axis, "slice")
    let (outer, extent, inner) = shape.split(at: axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= extent, "slice: range \(range) of axis \(axis), shape \(shape)")
    var part: [Int] = []
    part.reserveCapacity(outer * range.count * inner)
    for o in 0..<outer {
      part += values[(o * extent + range.lowerBound) * inner..<(o * extent + range.upperBound) * inner]
    }
    return Indices(part, shape: shape.replacing(axis, with: range.count))
  }
}

extension Shape {
  /// The same shape with another extent along one axis.
  func replacing(_ axis: Int, with extent: Int) -> Shape {
    Shape(dimensions.enumerated().map { $0.offset == axis ? extent : $0.element })
  }
}

/// Stops with the operation's name if an index does not lie in an axis.
func checkIndices(_ indices: [Int], below extent: Int, _ operation: String) {
  for index in indices {
    precondition(index >= 0 && index < extent, "\(operation): index \(index) of an axis of \(extent)")
  }
}

/// Rows of zeros with a one at each label.
///
/// - Parameters:
///   - labels: each in 0..<classes.
///   - classes: width of a row.
/// - Returns: [labels, classes].
public func oneHot(_ labels: [Int], classes: Int) -> Tensor {
  checkIndices(labels, below: classes, "oneHot")
  let result = Tensor.zeros([labels.count, classes])
  for (row, label) in labels.enumerated() { result.base[row * classes + label] = 1 }
  return result
}
