import Glibc

extension EntropySolver {
  /// Shifts every averaged map to D = τ; cells at the upper bound stay there.
  ///
  /// Each round measures with fresh draws. The first brings a map near its answer, where D ∝ σ² holds well enough for
  /// the next two to be averaged; the last takes no part in the fit and tells what was reached.
  func scaled(_ task: inout Task, _ points: [FixedPoint]) -> [EntropyMap] {
    let averaged = points.map(\.averaged)
    var shifts = Array(repeating: 0.0, count: points.count)
    var found: [[Double]] = []
    for draws in settings.scalingRounds {
      let measured = measure(&task, shifted(averaged, by: shifts), draws: draws, withGradient: false)
      found.append(
        shifts.indices.map { shifts[$0] + 0.5 * log(settings.distortion / max(measured.distortions[$0], 1e-12)) })
      // The first round alone is far off; all later ones are estimates of the same shift.
      let later = found.count == 1 ? found : Array(found.dropFirst())
      shifts = shifts.indices.map { image in later.reduce(0) { $0 + $1[image] } / Double(later.count) }
    }
    let theta = shifted(averaged, by: shifts)
    let reached = measure(&task, theta, draws: settings.verifyingDraws, withGradient: false)
    return points.indices.map { i in
      let residual = points[i].residual(of: theta[i])
      let error = reached.logError(of: i)
      let departure = abs(log(max(reached.distortions[i], 1e-12) / settings.distortion))
      return EntropyMap(
        entropies: theta[i].map { Float($0 + EntropySolver.unitEntropy) }, distortion: reached.distortions[i],
        distortionError: error, targetDistortion: settings.distortion,
        // Beyond the tolerance by more than chance explains.
        isConverged: departure <= settings.tolerance + 2 * (error ?? 0), largestResidual: residual?.largest,
        residualSpread: residual?.spread)
    }
  }

  private func shifted(_ maps: [[Double]], by shifts: [Double]) -> [[Double]] {
    // The average approaches the upper bound but never touches it, so what is within 5 % of it is taken to sit there.
    let upper = settings.logBounds.upperBound
    return zip(maps, shifts).map { map, shift in map.map { $0 > upper - 0.05 ? upper : clamped($0 + shift) } }
  }
}
