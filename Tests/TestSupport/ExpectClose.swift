import Testing

/// Expects each value to be near the expected one, and says where the worst is.
///
/// Allowed is `absolute + relative · |expected|`, element by element. NaN is near NaN only, an infinity near itself.
///
/// Both are row-major; `shape` is that of both, to name the place of the worst (a flat index is named where nil).
public func expectClose(
  _ actual: [Float], _ expected: [Double], relative: Double, absolute: Double, shape: [Int]? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if let problem = closeness(of: actual, to: expected, relative: relative, absolute: absolute, shape: shape) {
    Issue.record(Comment(rawValue: problem), sourceLocation: sourceLocation)
  }
}

/// As above, for values that were expected in 32 bits.
public func expectClose(
  _ actual: [Float], _ expected: [Float], relative: Double, absolute: Double, shape: [Int]? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual, expected.map(Double.init), relative: relative, absolute: absolute, shape: shape,
    sourceLocation: sourceLocation)
}

/// What is wrong, as ``expectClose(_:_:relative:absolute:shape:sourceLocation:)`` says it; nil if all is near enough.
public func closeness(
  of actual: [Float], to expected: [Double], relative: Double, absolute: Double, shape: [Int]? = nil
) -> String? {
  if let shape, shape.reduce(1, *) != expected.count {
    return "shape \(shape) does not have \(expected.count) elements"
  }
  guard actual.count == expected.count else { return "\(actual.count) values, expected \(expected.count)" }
  var worst = (index: 0, excess: 1.0)
  var wrong = 0
  for (index, (value, wanted)) in zip(actual.lazy.map(Double.init), expected).enumerated() {
    // Equal infinities have the difference NaN.
    if value == wanted || (value.isNaN && wanted.isNaN) { continue }
    let ratio = abs(value - wanted) / (absolute + relative * abs(wanted))
    let excess = ratio.isNaN || wanted.isInfinite ? .infinity : ratio
    guard excess > 1 else { continue }
    wrong += 1
    if excess > worst.excess { worst = (index, excess) }
  }
  guard wrong > 0 else { return nil }
  let wanted = expected[worst.index]
  let allowed = Float(absolute + relative * abs(wanted))
  return "worst at \(place(worst.index, in: shape)): \(actual[worst.index]) vs \(Float(wanted)), allowed ±\(allowed)"
    + " (\(wrong) of \(expected.count) elements are too far)"
}

private func place(_ index: Int, in shape: [Int]?) -> String {
  guard let shape, !shape.isEmpty else { return "[\(index)]" }
  var rest = index
  let reversed = shape.reversed().map { extent in
    defer { rest /= extent }
    return String(rest % extent)
  }
  return "[\(reversed.reversed().joined(separator: ", "))]"
}
