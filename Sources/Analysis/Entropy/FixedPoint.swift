import Glibc

/// The fixed-point iteration of one image: from measured D and ∂D/∂θ to the next θ = ln σ.
///
/// At the optimum of Σ θ_i subject to D = τ, G_i = ∂D/∂θ_i is one number for all cells off their bounds. Where D is
/// quadratic in σ, D = Σ a_i σ_i² and the answer is σ_i² = τ / (n a_i); a and the departure r from the quadratic model
/// are averaged over iterations, and cells that would exceed the upper bound sit there.
struct FixedPoint {
  private(set) var theta: [Double]
  private var curvature: [Double]
  private var departure = 1.0
  private var iteration = 0
  private var sum: [Double]
  private var summed = 0
  private let settings: EntropySettings
  /// ∂D/∂θ averaged over the second half of the iterations: what the residual is computed from.
  private var gradientSum: [Double]

  init(cells: Int, start: Double, settings: EntropySettings) {
    theta = Array(repeating: start, count: cells)
    curvature = Array(repeating: 0, count: cells)
    sum = Array(repeating: 0, count: cells)
    gradientSum = Array(repeating: 0, count: cells)
    self.settings = settings
  }

  /// One iteration.
  ///
  /// - Parameters:
  ///   - distortion: D at θ, measured.
  ///   - gradient: ∂D/∂θ_i at θ, measured.
  mutating func update(distortion: Double, gradient: [Double]) {
    iteration += 1
    let keep = min(0.85, 1 - 2 / Double(iteration + 1))
    var model = 0.0
    for i in theta.indices {
      let square = exp(2 * theta[i])
      let measured = max(gradient[i], 0) / (2 * square)
      curvature[i] = iteration == 1 ? measured : keep * curvature[i] + (1 - keep) * measured
      model += curvature[i] * square
    }
    let ratio = model > 0 ? distortion / model : 1
    departure = iteration == 1 ? ratio : keep * departure + (1 - keep) * ratio
    let proposal = self.proposal()
    for i in theta.indices {
      theta[i] += settings.share * (proposal[i] - theta[i])
      theta[i] = min(max(theta[i], settings.logBounds.lowerBound), settings.logBounds.upperBound)
    }
    if iteration > settings.iterations / 2 {
      for i in theta.indices { sum[i] += theta[i] }
      summed += 1
    }
  }

  /// Gathers gradients for the residual.
  mutating func note(gradient: [Double]) {
    guard iteration >= settings.iterations / 2 else { return }
    for i in gradient.indices { gradientSum[i] += gradient[i] }
  }

  /// θ that solves the model: σ_i² = τ′ / (n′ a_i r), with the cells above the upper bound set to it.
  private func proposal() -> [Double] {
    let upper = settings.logBounds.upperBound
    var isAtBound = theta.indices.map { curvature[$0] <= 0 }
    var result = theta
    // Each round can only add cells to the bound, so this ends after at most n rounds; in practice after two or three.
    while true {
      var remaining = settings.distortion
      var free = 0
      for i in theta.indices {
        if isAtBound[i] { remaining -= departure * curvature[i] * exp(2 * upper) } else { free += 1 }
      }
      // If the cells at the bound alone spend everything, the others get what a small rest leaves.
      remaining = max(remaining, 1e-3 * settings.distortion)
      var changed = false
      for i in theta.indices {
        guard !isAtBound[i] else {
          result[i] = upper
          continue
        }
        result[i] = 0.5 * log(remaining / (Double(max(1, free)) * curvature[i] * max(departure, 1e-12)))
        if result[i] > upper {
          isAtBound[i] = true
          changed = true
        }
      }
      if !changed { return result }
    }
  }

  /// The mean of θ over the second half of the iterations.
  var averaged: [Double] { summed > 0 ? sum.map { $0 / Double(summed) } : theta }

  /// Largest and standard deviation of ln G_i − mean ln G over the cells off their bounds.
  func residual(of theta: [Double]) -> (largest: Double, spread: Double)? {
    let bounds = settings.logBounds
    let logs = theta.indices.compactMap { i -> Double? in
      guard theta[i] < bounds.upperBound - 0.05, theta[i] > bounds.lowerBound + 0.05, gradientSum[i] > 0 else {
        return nil
      }
      return log(gradientSum[i])
    }
    guard logs.count > 1 else { return nil }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let square = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count - 1)
    return (logs.reduce(0) { max($0, abs($1 - mean)) }, square.squareRoot())
  }
}
