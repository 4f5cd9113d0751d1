import Glibc
import Tensors

/// Pixel-wise entropies at fixed distortion (Guan et al., ICML 2019; Ma et al., arXiv 1906.04109; Cheng et al., CVPR
/// 2020, section 3), by a fixed-point iteration.
///
/// Maximises Σ_i H_i, H_i = ln σ_i + ½ ln(2πe), subject to E‖h(x + σ∘ε) − h(x)‖² / δ² = τ, for one σ per cell. Many
/// images share each pass, every one with its own σ and its own random streams, so that a map depends neither on the
/// batch nor on the images beside it.
public struct EntropySolver {
  /// ½ ln(2πe): the entropy of a unit normal, in nats.
  public static let unitEntropy = 0.5 * (log(2 * Double.pi) + 1)

  private let settings: EntropySettings
  private let perturbation: Perturbation
  private let variance: Double
  private let random: Philox
  private let start: Double
  private let feature: (Tensor) -> Tensor

  /// - Parameters:
  ///   - settings: τ, grid, cost, bounds.
  ///   - grid: cells over pixels.
  ///   - deviation: standard deviation by which each colour was divided when the images were normalised.
  ///   - variance: δ², the feature's own variance over a data set.
  ///   - random: stream of the noise; another one gives another estimate of the same map.
  ///   - start: σ of every cell before its common scale is found; the result does not depend on it.
  ///   - feature: from normalised images [n, height, width, channels] to their features, on the tape if they are.
  public init(
    _ settings: EntropySettings, grid: CellGrid, deviation: [Float], variance: Double, random: Philox,
    start: Double = 0.05, feature: @escaping (Tensor) -> Tensor
  ) {
    precondition(variance > 0 && variance.isFinite, "EntropySolver: the feature's variance is \(variance)")
    self.settings = settings
    perturbation = Perturbation(grid: grid, scale: deviation.map { 1 / $0 })
    self.variance = variance
    self.random = random
    self.start = start
    self.feature = feature
  }

  /// Solves for a group of images that share passes.
  ///
  /// - Parameters:
  ///   - images: normalised, [images, height, width, channels].
  ///   - identifiers: tell the images' random streams apart.
  /// - Returns: one map per image.
  public func solve(_ images: Tensor, identifiers: [Int]) -> [EntropyMap] {
    let count = identifiers.count
    precondition(images.shape[0] == count, "EntropySolver: \(count) identifiers for images \(images.shape)")
    let clean = withoutRecording { feature(images) }
    var task = Task(images: images, clean: clean, identifiers: identifiers)
    let common = commonStart(&task)
    var points = common.map { FixedPoint(cells: perturbation.grid.count, start: $0, settings: settings) }
    for _ in 0..<settings.iterations {
      let (distortions, gradients) = measure(&task, points.map(\.theta), draws: settings.draws, withGradient: true)
      for i in 0..<count {
        points[i].update(distortion: distortions[i], gradient: gradients[i])
        points[i].note(gradient: gradients[i])
      }
    }
    return rescaled(&task, points)
  }

  /// D of given maps, from fresh draws: an estimate that the maps were not fitted to.
  ///
  /// - Parameters:
  ///   - maps: one per image.
  ///   - images: normalised, [images, height, width, channels].
  ///   - identifiers: tell the images' random streams apart.
  ///   - draws: forward passes of each image.
  /// - Returns: D of each image.
  public func distortions(of maps: [EntropyMap], _ images: Tensor, identifiers: [Int], draws: Int) -> [Double] {
    var task = Task(images: images, clean: withoutRecording { feature(images) }, identifiers: identifiers)
    let theta = maps.map { map in map.entropies.map { Double($0) - EntropySolver.unitEntropy } }
    return measure(&task, theta, draws: draws, withGradient: false).0
  }

  /// What the passes of one group share.
  private struct Task {
    let images: Tensor
    let clean: Tensor
    let identifiers: [Int]
    /// Draws of each image so far: every one has a stream of its own.
    var drawn = 0
  }

  /// The common ln σ at which each image's D is near τ, found in two steps: D grows with σ².
  private func commonStart(_ task: inout Task) -> [Double] {
    var theta = Array(repeating: log(start), count: task.identifiers.count)
    for _ in 0..<2 {
      let all = theta.map { Array(repeating: $0, count: perturbation.grid.count) }
      let (distortions, _) = measure(&task, all, draws: EntropySettings.startDraws, withGradient: false)
      for i in theta.indices {
        theta[i] = clamped(theta[i] + 0.5 * log(settings.distortion / max(distortions[i], 1e-12)))
      }
    }
    return theta
  }

  /// Shifts every averaged map to D = τ; cells at the upper bound stay there.
  ///
  /// Each round measures with fresh draws; all rounds together estimate the shift, the last tells what was reached.
  private func rescaled(_ task: inout Task, _ points: [FixedPoint]) -> [EntropyMap] {
    let averaged = points.map(\.averaged)
    var shifts = Array(repeating: 0.0, count: points.count)
    var estimates = Array(repeating: 0.0, count: points.count)
    var reached = Array(repeating: 0.0, count: points.count)
    for round in 1...EntropySettings.rescaleRounds {
      let theta = zip(averaged, shifts).map { map, shift in map.map { shifted($0, by: shift) } }
      let (distortions, _) = measure(&task, theta, draws: settings.rescaleDraws, withGradient: false)
      reached = distortions
      guard round < EntropySettings.rescaleRounds else { break }
      for i in shifts.indices {
        let estimate = shifts[i] + 0.5 * log(settings.distortion / max(distortions[i], 1e-12))
        // Later rounds are nearer to the answer, where D ∝ σ² holds; the first only brings them there.
        estimates[i] = round <= 2 ? estimate : estimates[i] + (estimate - estimates[i]) / Double(round - 1)
        shifts[i] = estimates[i]
      }
    }
    return points.indices.map { i in
      let theta = averaged[i].map { shifted($0, by: shifts[i]) }
      let residual = points[i].residual(of: theta)
      return EntropyMap(
        entropies: theta.map { Float($0 + EntropySolver.unitEntropy) }, distortion: reached[i],
        targetDistortion: settings.distortion,
        isConverged: abs(log(max(reached[i], 1e-12) / settings.distortion)) <= settings.tolerance,
        largestResidual: residual?.largest, residualSpread: residual?.spread)
    }
  }

  private func clamped(_ theta: Double) -> Double {
    min(max(theta, settings.logBounds.lowerBound), settings.logBounds.upperBound)
  }

  /// The average approaches the upper bound but never touches it, so what is within 5 % of it is taken to sit there.
  private func shifted(_ theta: Double, by shift: Double) -> Double {
    let upper = settings.logBounds.upperBound
    return theta > upper - 0.05 ? upper : clamped(theta + shift)
  }

  /// D and, if wanted, ∂D/∂θ of every image at its own θ, from fresh draws.
  private func measure(_ task: inout Task, _ theta: [[Double]], draws: Int, withGradient: Bool) -> (
    [Double], [[Double]]
  ) {
    let count = task.identifiers.count
    var distortions = Array(repeating: 0.0, count: count)
    var gradients = Array(repeating: Array(repeating: 0.0, count: perturbation.grid.count), count: count)
    let rows = (0..<draws).flatMap { draw in
      task.identifiers.enumerated().map { place, identifier in
        (image: place, stream: Philox(seed: random.seed, stream: stream(identifier, task.drawn + draw)))
      }
    }
    task.drawn += draws
    var start = 0
    while start < rows.count {
      let part = Array(rows[start..<min(rows.count, start + settings.batch)])
      let response = perturbation.response(
        of: feature, task.images, task.clean, theta: theta, rows: part, variance: variance, withGradient: withGradient)
      for (row, distance) in response.distances.enumerated() {
        distortions[part[row].image] += distance / Double(draws)
      }
      for (row, gradient) in response.gradients.enumerated() {
        for cell in gradient.indices { gradients[part[row].image][cell] += gradient[cell] / Double(draws) }
      }
      start += part.count
    }
    return (distortions, gradients)
  }

  private func stream(_ identifier: Int, _ draw: Int) -> UInt64 {
    random.stream ^ (UInt64(truncatingIfNeeded: identifier) << 20 | UInt64(draw))
  }
}

/// e to a power, under a name that `Tensor.exp` does not hide.
func exponential(_ x: Double) -> Double { Glibc.exp(x) }
