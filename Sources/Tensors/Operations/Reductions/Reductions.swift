import Support

extension Tensor {
  /// The sum of all elements, a scalar.
  public func sum() -> Tensor { reshaped([count]).sum(alongAxes: [0]) }

  /// The mean of all elements, a scalar.
  public func mean() -> Tensor { sum() / Float(count) }

  /// The sum along axes, which vanish from the shape unless kept with extent 1.
  public func sum(alongAxes axes: [Int], keepsAxes: Bool = false) -> Tensor {
    let (output, kept) = reduced("sum", axes, keepsAxes, Itself())
    let from = shape
    return output.recorded("sum", [self], isRecordable: true) { [$0.reshaped(kept).broadcast(to: from)] }
  }

  /// The sum of all squares, a scalar.
  public func sumOfSquares() -> Tensor { reshaped([count]).sumOfSquares(alongAxes: [0]) }

  /// The sum of squares along axes, which vanish from the shape unless kept with extent 1; the squares are not stored.
  public func sumOfSquares(alongAxes axes: [Int], keepsAxes: Bool = false) -> Tensor {
    guard !axes.isEmpty else { return squared() }
    let (output, kept) = reduced("sumOfSquares", axes, keepsAxes, Square())
    return output.recorded("sumOfSquares", [self], isRecordable: true) { [self * ($0 * 2).reshaped(kept)] }
  }

  /// The mean along axes, which vanish from the shape unless kept with extent 1.
  public func mean(alongAxes axes: [Int], keepsAxes: Bool = false) -> Tensor {
    let number = Set(axes.map { shape.normalized($0, "mean") }).reduce(1) { $0 * shape[$1] }
    return sum(alongAxes: axes, keepsAxes: keepsAxes) / Float(number)
  }

  /// The mean of all squares, a scalar.
  public func meanOfSquares() -> Tensor { sumOfSquares() / Float(count) }

  /// The mean of squares along axes, which vanish from the shape unless kept with extent 1.
  public func meanOfSquares(alongAxes axes: [Int], keepsAxes: Bool = false) -> Tensor {
    let number = Set(axes.map { shape.normalized($0, "meanOfSquares") }).reduce(1) { $0 * shape[$1] }
    return sumOfSquares(alongAxes: axes, keepsAxes: keepsAxes) / Float(number)
  }

  /// The variance along axes; divided by n − 1 if unbiased.
  public func variance(alongAxes axes: [Int], unbiased: Bool = false, keepsAxes: Bool = false) -> Tensor {
    let number = Set(axes.map { shape.normalized($0, "variance") }).reduce(1) { $0 * shape[$1] }
    let centred = self - mean(alongAxes: axes, keepsAxes: true)
    return centred.sumOfSquares(alongAxes: axes, keepsAxes: keepsAxes) / Float(unbiased ? number - 1 : number)
  }

  /// The largest value along one axis; the gradient goes to the first on ties.
  public func largest(alongAxis axis: Int, keepsAxis: Bool = false) -> Tensor {
    extreme("largest", axis: axis, keepsAxis: keepsAxis, sign: 1)
  }

  /// The smallest value along one axis; the gradient goes to the first on ties.
  public func smallest(alongAxis axis: Int, keepsAxis: Bool = false) -> Tensor {
    extreme("smallest", axis: axis, keepsAxis: keepsAxis, sign: -1)
  }

  /// Positions of the largest values along one axis, in the order of the remaining axes; the first on ties.
  public func argmax(alongAxis axis: Int) -> [Int] { extremePositions(shape.normalized(axis, "argmax"), sign: 1) }

  /// Positions of the smallest values along one axis, in the order of the remaining axes; the first on ties.
  public func argmin(alongAxis axis: Int) -> [Int] { extremePositions(shape.normalized(axis, "argmin"), sign: -1) }

  /// A sum over axes, and this tensor's shape with these axes at 1.
  func reduced(
    _ name: String, _ axes: [Int], _ keepsAxes: Bool, _ term: some SummedTerm, then next: some SummedTerm = Itself()
  ) -> (Tensor, Shape) {
    let axes = Set(axes.map { shape.normalized($0, name) }).sorted()
    let kept = Shape(shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    guard let first = axes.first else { return (detached(), kept) }
    var result = axisSum(detached(), axis: first, of: term)
    for axis in axes.dropFirst() { result = axisSum(result, axis: axis, of: next) }
    return (Tensor(shape: keepsAxes ? kept : removing(axes), storage: result.storage), kept)
  }

  private func removing(_ axes: [Int]) -> Shape {
    Shape(shape.dimensions.enumerated().filter { !axes.contains($0.offset) }.map(\.element))
  }

  private func extreme(_ name: String, axis: Int, keepsAxis: Bool, sign: Float) -> Tensor {
    let axis = shape.normalized(axis, name)
    let (outer, extent, inner) = shape.split(at: axis)
    precondition(extent > 0, "\(name): axis \(axis) of shape \(shape) is empty")
    let positions = extremePositions(axis, sign: sign)
    let kept = Shape(shape.dimensions.enumerated().map { $0.offset == axis ? 1 : $0.element })
    let output = Tensor(shape: keepsAxis ? kept : removing([axis])) { values in
      for o in 0..<outer {
        for i in 0..<inner {
          let place = o * inner + i
          values[place] = base[(o * extent + positions[place]) * inner + i]
        }
      }
    }
    let places = Indices(positions, shape: kept)
    return output.recorded(name, [self], isRecordable: true) { gradient in
      [gradient.reshaped(kept).scatterAdded(places, alongAxis: axis, extent: extent)]
    }
  }

  private func extremePositions(_ axis: Int, sign: Float) -> [Int] {
    let (outer, extent, inner) = shape.split(at: axis)
    var positions = Array(repeating: 0, count: outer * inner)
    for o in 0..<outer {
      for i in 0..<inner {
        var best = 0
        for e in 1..<max(1, extent)
        where base[(o * extent + e) * inner + i] * sign > base[(o * extent + best) * inner + i] * sign { best = e }
        positions[o * inner + i] = best
      }
    }
    return positions
  }
}
