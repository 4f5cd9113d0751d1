import Checkpoints
import Tensors
import Testing

/// How near a result must be to its golden value, element by element.
///
/// Allowed is `relative · |expected| + ofLargest · (largest |expected|) + absolute`. The second term is for sums: where
/// terms cancel, the error stays that of the terms.
public struct Tolerance: Sendable {
  let relative: Double
  let ofLargest: Double
  let absolute: Double

  /// - Parameters:
  ///   - relative: share of the expected element.
  ///   - ofLargest: share of the largest expected element.
  ///   - absolute: a number.
  public init(relative: Double, ofLargest: Double = 0, absolute: Double = 0) {
    self.relative = relative
    self.ofLargest = ofLargest
    self.absolute = absolute
  }
}

/// Expects a tensor to have the expected shape and values.
public func expectClose(
  _ actual: Tensor, _ expected: [Double], shape: [Int], _ tolerance: Tolerance, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.shape.dimensions == shape else {
    Issue.record("\(what): shape \(actual.shape), expected \(shape)", sourceLocation: sourceLocation)
    return
  }
  let largest = expected.reduce(0) { max($0, abs($1)) }
  let problem = closeness(
    of: actual.floats, to: expected, relative: tolerance.relative,
    absolute: tolerance.absolute + tolerance.ofLargest * largest, shape: shape)
  if let problem { Issue.record("\(what): \(problem)", sourceLocation: sourceLocation) }
}

/// Expects a tensor to be what a golden file holds; four axes are [N, C, H, W] there if `channelsLast`.
public func expectClose(
  _ actual: Tensor, _ expected: StoredTensor, channelsLast: Bool = false, _ tolerance: Tolerance,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var values = try expected.doubles()
  var shape = expected.shape
  if channelsLast, shape.count == 4 { (values, shape) = movedChannels(values, shape) }
  expectClose(actual, values, shape: shape, tolerance, expected.name, sourceLocation: sourceLocation)
}

/// [N, C, H, W] → [N, H, W, C], of which the engine's feature maps are made.
public func movedChannels<T>(_ values: [T], _ shape: [Int]) -> (values: [T], shape: [Int]) {
  let (batch, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
  var moved: [T] = []
  moved.reserveCapacity(values.count)
  for n in 0..<batch {
    for pixel in 0..<pixels {
      for c in 0..<channels { moved.append(values[(n * channels + c) * pixels + pixel]) }
    }
  }
  return (moved, [batch, shape[2], shape[3], channels])
}

extension GoldenCase {
  /// A tensor of the case; four axes are [N, C, H, W] in the file if `channelsLast`.
  public func tensor(_ part: String, channelsLast: Bool = false) throws -> Tensor {
    let stored = try stored(part)
    var values = try stored.floats()
    var shape = stored.shape
    if channelsLast, shape.count == 4 { (values, shape) = movedChannels(values, shape) }
    return Tensor(values, shape: Shape(shape))
  }

  /// The inputs, trainable where the case has a gradient for them.
  ///
  /// - Parameter maps: places of those that are feature maps.
  /// - Returns: one tensor for each input.
  /// - Throws: what reading the file throws.
  public func inputs(maps: Set<Int> = []) throws -> [Tensor] {
    try (0..<parts(after: "input.").count).map { place in
      let tensor = try tensor("input.\(place)", channelsLast: maps.contains(place))
      tensor.setRequiresGradient(has("gradient.\(place)"))
      return tensor
    }
  }

  /// Expects an operation to give the case's output and, for its upstream, the case's gradients.
  ///
  /// - Parameters:
  ///   - maps: places of inputs that are feature maps; then an output with four axes is one too.
  ///   - tolerance: of the output.
  ///   - gradientTolerance: of the gradients; as the output's where nil.
  ///   - sourceLocation: where a failure is shown.
  ///   - operation: from the inputs to the output.
  /// - Throws: what `operation` or reading the file throws.
  public func hold(
    maps: Set<Int> = [], _ tolerance: Tolerance, gradients gradientTolerance: Tolerance? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ operation: ([Tensor]) throws -> Tensor
  ) throws {
    let inputs = try inputs(maps: maps)
    let output = try operation(inputs)
    try expectClose(
      output, stored("output"), channelsLast: !maps.isEmpty, tolerance, sourceLocation: sourceLocation)
    let upstream = try tensor("upstream", channelsLast: !maps.isEmpty)
    let trainable = inputs.indices.filter { inputs[$0].requiresGradient }
    let found = gradients(of: output, with: trainable.map { inputs[$0] }, upstream: upstream)
    for (place, gradient) in zip(trainable, found) {
      try expectClose(
        gradient, stored("gradient.\(place)"), channelsLast: maps.contains(place), gradientTolerance ?? tolerance,
        sourceLocation: sourceLocation)
    }
    // Neither the operation nor the accumulation of gradients may write into what it was given.
    for place in inputs.indices {
      let given = try tensor("input.\(place)", channelsLast: maps.contains(place)).floats
      expectSame(inputs[place].floats, given, "\(name): input \(place), changed", sourceLocation: sourceLocation)
    }
    let givenUpstream = try tensor("upstream", channelsLast: !maps.isEmpty).floats
    expectSame(upstream.floats, givenUpstream, "\(name): upstream, changed", sourceLocation: sourceLocation)
  }

  /// Fails the test: the case's operation has no branch in it.
  public func reportUnknownOperation(sourceLocation: SourceLocation = #_sourceLocation) {
    Issue.record("\(name): nothing tests the operation '\(operation)'", sourceLocation: sourceLocation)
  }
}
