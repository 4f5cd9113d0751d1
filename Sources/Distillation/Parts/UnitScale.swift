import Tensors

extension Tensor {
  /// What a formula makes of these values where the values' scale does not matter in the end, because what it gives is
  /// divided by its length or its largest value: squares and products of values near 1e-30 vanish in single precision, and
  /// those of values near 1e30 are infinite.
  ///
  /// Where that is so the values are first multiplied by a power of two. It is a constant: what does not depend on a scale
  /// has no gradient to it.
  ///
  /// - Parameters:
  ///   - formula: of values of this shape, images along the first axis of what it gives, too.
  ///   - perRow: whether every image has a scale of its own, rather than all one.
  /// - Returns: the formula's values at the scale of these, or at another one.
  func scaleFree(_ formula: (Tensor) -> Tensor, perRow: Bool = true) -> Tensor {
    let plain = formula(self)
    let sizes = withoutRecording { plain.largestMagnitudes(perRow) }
    // The square root of the smallest normal number: below it a sum of squares that are still there has lost digits.
    if sizes.allSatisfy({ 1e-25...1e25 ~= $0 }) { return plain }
    let scales = withoutRecording { largestMagnitudes(perRow) }.map { largest -> Float in
      largest > 0 && largest.isFinite ? Float(sign: .plus, exponent: min(126, -largest.exponent), significand: 1) : 1
    }
    guard scales.contains(where: { $0 != 1 }) else { return plain }
    let shape = Shape([scales.count] + Array(repeating: 1, count: shape.rank - 1))
    return formula(self * Tensor(scales, shape: shape))
  }

  /// The largest magnitude of each row of the first axis, or of all values.
  private func largestMagnitudes(_ perRow: Bool) -> [Float] {
    let rows = perRow ? shape[0] : 1
    return detached().absolute().reshaped([rows, count / max(1, rows)]).largest(alongAxis: 1).floats
  }
}
