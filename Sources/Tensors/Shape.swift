import Support

/// The extents of a tensor, slowest axis first; the last axis is contiguous in memory.
public struct Shape: Hashable, Sendable, Codable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Extent of each axis; empty for a scalar.
  public let dimensions: [Int]

  /// - Parameter dimensions: extent of each axis, none negative.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "shape: negative extent in \(dimensions)")
    self.dimensions = dimensions
  }

  /// The same from a literal such as `[64, 32, 32, 16]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The shape of a scalar.
  public static let scalar = Shape([])

  /// Number of axes.
  public var rank: Int { dimensions.count }

  /// Number of elements; 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// Extent of one axis; negative axes count from the end.
  public subscript(axis: Int) -> Int { dimensions[axis < 0 ? axis + rank : axis] }

  /// `[64, 32, 32, 16]`.
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }

  /// The axis counted from the front, checked.
  func normalized(_ axis: Int, _ operation: String) -> Int {
    let positive = axis < 0 ? axis + rank : axis
    precondition(positive >= 0 && positive < max(1, rank), "\(operation): axis \(axis) of shape \(self)")
    return positive
  }

  /// Elements before, along and after one axis.
  func split(at axis: Int) -> (outer: Int, extent: Int, inner: Int) {
    (dimensions[..<axis].reduce(1, *), dimensions[axis], dimensions[(axis + 1)...].reduce(1, *))
  }

  /// The shape that two operands are broadcast to, by NumPy's rule.
  static func broadcast(_ a: Shape, _ b: Shape, _ operation: String) -> Shape {
    if a == b { return a }
    let rank = max(a.rank, b.rank)
    let first = Array(repeating: 1, count: rank - a.rank) + a.dimensions
    let second = Array(repeating: 1, count: rank - b.rank) + b.dimensions
    return Shape(
      zip(first, second).map { x, y in
        precondition(x == y || x == 1 || y == 1, "\(operation): shapes \(a) and \(b) do not broadcast")
        return x == 1 ? y : x
      })
  }
}
