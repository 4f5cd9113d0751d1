import Support

extension SoftmaxRegression {
  /// Minimises the loss by Newton's method; each step is solved for by conjugate gradients, roughly at first (Nocedal
  /// and Wright, Numerical Optimization, algorithm 7.1).
  ///
  /// - Parameters:
  ///   - start: a fit to begin with, such as that of another penalty; nil for zeros.
  ///   - tolerance: Euclidean norm of the gradient at which it stops; the weights are then at most that over the penalty
  ///     away.
  ///   - advanced: is called before each step, and may stop the work by throwing.
  /// - Returns: the minimum; its gradient is above the tolerance only where single precision allows no less.
  /// - Throws: what `advanced` throws.
  public func fit(
    from start: Fit? = nil, tolerance: Double = 1e-6, _ advanced: () throws -> Void = {}
  ) rethrows -> Fit {
    var parameters = start.map { $0.weight + $0.bias } ?? Array(repeating: 0, count: classes * (width + 1))
    precondition(
      parameters.count == classes * (width + 1), "SoftmaxRegression: a start of \(parameters.count) parameters")
    var here = point(at: parameters)
    var steps = 0
    while here.gradientNorm > tolerance, steps < Self.mostSteps {
      try advanced()
      guard let next = step(from: parameters, here, direction(here)) else { break }
      (parameters, here) = next
      steps += 1
    }
    let size = classes * width
    return Fit(
      weight: Array(parameters[..<size]), bias: Array(parameters[size...]), loss: here.loss,
      gradientNorm: here.gradientNorm, iterations: steps)
  }

  private static let mostSteps = 100

  /// Newton's direction, solved for until the rest of the equation is small beside the gradient.
  private func direction(_ point: Point) -> [Double] {
    let norm = point.gradientNorm
    let wanted = min(0.1, norm.squareRoot()) * norm
    var direction = Array(repeating: 0.0, count: point.gradient.count)
    var rest = point.gradient.map { -$0 }
    var search = rest
    var square = dot(rest, rest)
    for _ in 0..<max(50, min(500, point.gradient.count)) {
      let curved = curvature(point, search)
      let bend = dot(search, curved)
      guard bend > 0 else { break }
      let length = square / bend
      for i in direction.indices {
        direction[i] += length * search[i]
        rest[i] -= length * curved[i]
      }
      let next = dot(rest, rest)
      if next.squareRoot() <= wanted { break }
      let ratio = next / square
      for i in search.indices { search[i] = rest[i] + ratio * search[i] }
      square = next
    }
    return direction
  }

  /// The first of ever shorter steps that lowers the loss enough; nil where none does, within rounding.
  private func step(from parameters: [Double], _ here: Point, _ direction: [Double]) -> ([Double], Point)? {
    let slope = dot(here.gradient, direction)
    guard slope < 0 else { return nil }
    // Near the minimum a step changes the loss by less than its rounding; there the gradient tells.
    let rounding = 1e-7 * max(1, abs(here.loss))
    var length = 1.0
    for _ in 0..<30 {
      let there = zip(parameters, direction).map { $0 + length * $1 }
      let point = point(at: there)
      let isLower = point.loss <= here.loss + 1e-4 * length * slope
      let isFlatter = point.loss <= here.loss + rounding && point.gradientNorm < here.gradientNorm
      if point.loss.isFinite, isLower || isFlatter { return (there, point) }
      length /= 2
    }
    return nil
  }
}
