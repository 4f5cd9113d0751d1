/// The gradients of a normalisation by mean and variance, in recorded operations: what batch, layer and group
/// normalisation use where gradients are to be differentiated again.
struct NormalizationRule {
  /// Axes over which mean and variance are taken.
  let axes: [Int]
  /// Added to the variance.
  let epsilon: Float

  /// With x̂ = (x − μ)/σ and g the gradient of x̂·γ + β:
  /// the input's is (gγ − mean(gγ) − x̂·mean(gγ·x̂))/σ, the scale's Σ g·x̂, the shift's Σ g.
  ///
  /// - Parameters:
  ///   - gradient: of the output.
  ///   - input: what was normalised, of the same shape.
  ///   - scale: γ, broadcast to it.
  ///   - shift: β, broadcast to it.
  /// - Returns: gradients of input, scale and shift.
  func gradients(_ gradient: Tensor, _ input: Tensor, _ scale: Tensor, _ shift: Tensor) -> [Tensor?] {
    let centred = input - input.mean(alongAxes: axes, keepsAxes: true)
    let deviation = (centred.meanOfSquares(alongAxes: axes, keepsAxes: true) + epsilon).squareRoot()
    let normalized = centred / deviation
    let scaled = gradient * scale
    let along = (scaled * normalized).mean(alongAxes: axes, keepsAxes: true)
    return [
      input.requiresGradient
        ? (scaled - scaled.mean(alongAxes: axes, keepsAxes: true) - normalized * along) / deviation : nil,
      scale.requiresGradient ? (gradient * normalized).summed(to: scale.shape) : nil,
      shift.requiresGradient ? gradient.summed(to: shift.shape) : nil,
    ]
  }
}
