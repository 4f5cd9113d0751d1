import Support

extension Tensor {
  /// Sums of all values up to each place along one axis, accumulated in double precision.
  ///
  /// - Parameters:
  ///   - axis: along which to sum.
  ///   - reversed: whether each sum runs from its place to the end instead.
  /// - Returns: a tensor of this shape.
  public func cumulativeSum(alongAxis axis: Int, reversed: Bool = false) -> Tensor {
    let axis = shape.normalized(axis, "cumulativeSum")
    let (outer, extent, inner) = shape.split(at: axis)
    let output = Tensor(uninitialized: shape)
    nonisolated(unsafe) let (source, target) = (base, output.base)
    parallelLines(outer: outer, extent: extent, inner: inner) { o, lines in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: lines.count) { totals in
        totals.initialize(repeating: 0)
        for step in 0..<extent {
          let row = (o * extent + (reversed ? extent - 1 - step : step)) * inner
          for (k, i) in lines.enumerated() {
            totals[k] += Double(source[row + i])
            target[row + i] = Float(totals[k])
          }
        }
      }
    }
    return output.recorded("cumulativeSum", [self], isRecordable: true) {
      [$0.cumulativeSum(alongAxis: axis, reversed: !reversed)]
    }
  }

  /// log Σ eˣ along one axis, without overflow.
  public func logSumExp(alongAxis axis: Int, keepsAxis: Bool = false) -> Tensor {
    let axis = shape.normalized(axis, "logSumExp")
    // A line of −∞ alone has no finite largest value to take off.
    let largest = mapElements(detached().largest(alongAxis: axis, keepsAxis: true)) { $0.isFinite ? $0 : 0 }
    let sum = ((self - largest).exp().sum(alongAxes: [axis], keepsAxes: true)).log() + largest
    if keepsAxis { return sum }
    return sum.reshaped(Shape(shape.dimensions.enumerated().filter { $0.offset != axis }.map(\.element)))
  }
}
