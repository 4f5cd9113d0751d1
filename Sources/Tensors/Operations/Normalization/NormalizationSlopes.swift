/// The derivative of batch normalisation's input gradient, in two passes over the feature maps instead of some forty.
///
/// With x̂ = (x − μ)/σ over the M values of a channel, the input gradient for an upstream gradient g is
/// r = γ/σ · (g − mean(g) − x̂·mean(g·x̂)). For an upstream gradient u of r, and sums over the channel,
///
///     Σ u·r = γ/σ · A,  A = Σug − Σu Σg/M − Σux̂ Σgx̂/M
///     to g: γ/σ · (u − mean(u) − x̂·mean(u·x̂))
///     to γ: A/σ
///     to x: (h − mean(h) − x̂·mean(h·x̂))/σ − γ·A·x̂/(M·σ²),  h = −γ/(σ·M) · (u·Σgx̂ + g·Σux̂)
///
/// All of it is u, g and x with factors that belong to the channel.
///
/// - Parameters:
///   - upstream: u, as all feature maps [batch, height, width, channels].
///   - gradient: g.
///   - input: x.
///   - statistics: μ, and the variance without ε, of each channel.
///   - scale: γ.
///   - epsilon: added to the variance.
/// - Returns: gradients of the gradient, the input and the scale.
func normalizationSlopes(
  _ upstream: Tensor, _ gradient: Tensor, _ input: Tensor, _ statistics: BatchStatistics, scale: Tensor,
  epsilon: Float
) -> [Tensor] {
  let maps = ChannelMaps(upstream, gradient, input)
  let means = statistics.mean.floats.map(Double.init)
  let inverses = statistics.variance.floats.map { 1 / (Double($0) + Double(epsilon)).squareRoot() }
  let sums = maps.sums(means, inverses)
  let scales = scale.floats
  let factors = scales.indices.map {
    ChannelFactors(
      sums[$0], mean: means[$0], inverse: inverses[$0], scale: Double(scales[$0]), count: Double(maps.rows))
  }
  let (toGradient, toInput) = maps.combined(factors)
  return [toGradient, toInput, Tensor(factors.map(\.ofScale), shape: scale.shape)]
}

/// Sums over one channel.
struct ChannelSums {
  var u = 0.0
  var g = 0.0
  var ug = 0.0
  /// Of u·x̂.
  var ux = 0.0
  /// Of g·x̂.
  var gx = 0.0

  static func + (a: ChannelSums, b: ChannelSums) -> ChannelSums {
    ChannelSums(u: a.u + b.u, g: a.g + b.g, ug: a.ug + b.ug, ux: a.ux + b.ux, gx: a.gx + b.gx)
  }
}

/// What the two gradients take of u, g and x in one channel.
private struct ChannelFactors {
  var toGradient: (u: Float, x: Float, rest: Float)
  var toInput: (u: Float, g: Float, x: Float, rest: Float)
  var ofScale: Float

  init(_ sums: ChannelSums, mean: Double, inverse: Double, scale: Double, count: Double) {
    let slope = scale * inverse
    let covariance = sums.ug - (sums.u * sums.g + sums.ux * sums.gx) / count
    // Factors of x̂ become factors of x: x̂ = x/σ − μ/σ.
    func ofInput(_ factor: Double, rest: Double) -> (x: Float, rest: Float) {
      (Float(factor * inverse), Float(rest - factor * inverse * mean))
    }
    let gradient = ofInput(-slope * sums.ux / count, rest: -slope * sums.u / count)
    toGradient = (Float(slope), gradient.x, gradient.rest)
    let meanOfH = -slope / (count * count) * (sums.u * sums.gx + sums.g * sums.ux)
    let meanOfProduct = -slope / (count * count) * 2 * sums.ux * sums.gx
    let input = ofInput(
      -inverse * meanOfProduct - slope * inverse * covariance / count, rest: -inverse * meanOfH)
    toInput = (
      Float(-inverse * slope / count * sums.gx), Float(-inverse * slope / count * sums.ux), input.x, input.rest
    )
    ofScale = Float(covariance * inverse)
  }
}

extension ChannelMaps {
  /// Both gradients, of the maps' shape.
  fileprivate func combined(_ factors: [ChannelFactors]) -> (gradient: Tensor, input: Tensor) {
    let result = (Tensor(uninitialized: shape), Tensor(uninitialized: shape))
    nonisolated(unsafe) let (first, second) = (result.0.base, result.1.base)
    // Laid out once: every block multiplies its rows with the same vectors.
    let toGradient = (
      u: lanes(factors) { $0.toGradient.u }, x: lanes(factors) { $0.toGradient.x },
      rest: lanes(factors) { $0.toGradient.rest }
    )
    let toInput = (
      u: lanes(factors) { $0.toInput.u }, g: lanes(factors) { $0.toInput.g }, x: lanes(factors) { $0.toInput.x },
      rest: lanes(factors) { $0.toInput.rest }
    )
    forEachBlock { rows, group in
      let index = group.lowerBound / 8
      let (gu, gx, g0) = (toGradient.u[index], toGradient.x[index], toGradient.rest[index])
      let (iu, ig, ix, i0) = (toInput.u[index], toInput.g[index], toInput.x[index], toInput.rest[index])
      for row in rows {
        let place = row * channels + group.lowerBound
        let (u, g, x) = values(place, group.count)
        write(gu * u + gx * x + g0, first + place, group.count)
        write(iu * u + ig * g + ix * x + i0, second + place, group.count)
      }
    }
    return result
  }

  /// One factor of all channels, eight a vector.
  private func lanes(_ factors: [ChannelFactors], _ part: (ChannelFactors) -> Float) -> [SIMD8<Float>] {
    stride(from: 0, to: channels, by: 8).map { first in
      var lanes = SIMD8<Float>()
      for channel in first..<min(first + 8, channels) { lanes[channel - first] = part(factors[channel]) }
      return lanes
    }
  }
}
