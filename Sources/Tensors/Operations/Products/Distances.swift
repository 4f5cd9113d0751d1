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
  roots(of: squaredDistances(a, b), floor)
}

/// The same between the points of one set, each pair once.
///
/// - Parameters:
///   - points: [m, features].
///   - floor: as for ``distances(_:_:floor:)``.
/// - Returns: [m, m].
public func distances(among points: Tensor, floor: Float = 0) -> Tensor {
  roots(of: squaredDistances(among: points), floor)
}

private func roots(of squares: Tensor, _ floor: Float) -> Tensor {
  let near = squares.mask { $0 <= floor }
  guard near.withFloats({ $0.contains(1) }) else { return squares.squareRoot() }
  return chosen(where: near, Tensor(floor.squareRoot()), chosen(where: near, Tensor(1), squares).squareRoot())
}

/// Cosines of all pairs; a point at zero has the cosine 0 with all, and the gradient 0.
///
/// - Parameters:
///   - a: points, [m, features].
///   - b: points, [n, features].
/// - Returns: [m, n].
public func cosines(_ a: Tensor, _ b: Tensor) -> Tensor {
  matrixProduct(a.normalized(alongAxis: 1), b.normalized(alongAxis: 1), transposesSecond: true)
}
