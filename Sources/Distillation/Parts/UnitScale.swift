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
    // Formulas square what this gives once more: beyond these the squares have lost digits.
    if sizes.allSatisfy({ Self.harmless ~= $0 }) { return plain }
    return formula(nearOne(withoutRecording { largestMagnitudes(perRow) }))
  }

  /// These values, those of each image multiplied by a power of two where their products would vanish or be infinite: for
  /// what does not depend on their scale, such as singular vectors.
  func withHarmlessScale() -> Tensor {
    let sizes = withoutRecording { largestMagnitudes(true) }
    return sizes.allSatisfy { Self.harmless ~= $0 } ? self : nearOne(sizes)
  }

  private static let harmless: ClosedRange<Float> = 1e-12...1e12

  /// - Parameter sizes: largest magnitude of each image, or of all.
  /// - Returns: these values where their scale is harmless.
  private func nearOne(_ sizes: [Float]) -> Tensor {
    let scales = sizes.map { largest -> Float in
      largest > 0 && largest.isFinite ? Float(sign: .plus, exponent: min(126, -largest.exponent), significand: 1) : 1
    }
    guard scales.contains(where: { $0 != 1 }) else { return self }
    return self * Tensor(scales, shape: Shape([scales.count] + Array(repeating: 1, count: shape.rank - 1)))
  }

  /// The largest magnitude of each row of the first axis, or of all values.
  private func largestMagnitudes(_ perRow: Bool) -> [Float] {
    let rows = perRow ? shape[0] : 1
    return detached().absolute().reshaped([rows, count / max(1, rows)]).largest(alongAxis: 1).floats
  }
}
