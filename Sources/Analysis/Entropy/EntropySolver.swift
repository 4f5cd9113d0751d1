import Glibc
import Support
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

  let settings: EntropySettings
  private let perturbation: Perturbation
  private let variance: Double
  private var random: Philox
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

  /// The same solver with other noise.
  ///
  /// - Parameter random: stream of the noise.
  /// - Returns: a solver that finds another estimate of the same maps.
  func drawing(from random: Philox) -> EntropySolver {
    var solver = self
    solver.random = random
    return solver
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
      let measured = measure(&task, points.map(\.theta), draws: settings.draws, withGradient: true)
      for i in 0..<count {
        points[i].update(distortion: measured.distortions[i], gradient: measured.gradients[i])
        points[i].note(gradient: measured.gradients[i])
      }
    }
    return scaled(&task, points)
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
    // Far beyond the draws that a solution takes, so that maps are not judged by the noise that they were fitted to.
    task.drawn = 1 << 19
    let theta = maps.map { map in map.entropies.map { Double($0) - EntropySolver.unitEntropy } }
    return measure(&task, theta, draws: draws, withGradient: false).distortions
  }

  /// What the passes of one group share.
  struct Task {
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
      let measured = measure(&task, all, draws: EntropySettings.startDraws, withGradient: false)
      for i in theta.indices {
        theta[i] = clamped(theta[i] + 0.5 * log(settings.distortion / max(measured.distortions[i], 1e-12)))
      }
    }
    return theta
  }

  func clamped(_ theta: Double) -> Double {
    min(max(theta, settings.logBounds.lowerBound), settings.logBounds.upperBound)
  }

  /// What fresh draws say of every image at its own θ.
  struct Measurement {
    /// D.
    var distortions: [Double]
    /// Mean over draws of the squared distance, for the Monte-Carlo error of D.
    var squares: [Double]
    /// ∂D/∂θ, if it was wanted, else zeros.
    var gradients: [[Double]]
    /// Draws of each image.
    let draws: Int

    /// Standard error of ln D; nil for a single draw.
    func logError(of image: Int) -> Double? {
      let mean = distortions[image]
      guard draws > 1, mean > 0 else { return nil }
      return (max(0, squares[image] - mean * mean) / Double(draws - 1)).squareRoot() / mean
    }
  }

  /// D and, if wanted, ∂D/∂θ of every image at its own θ, from fresh draws.
  func measure(_ task: inout Task, _ theta: [[Double]], draws: Int, withGradient: Bool) -> Measurement {
    let count = task.identifiers.count
    var distortions = Array(repeating: 0.0, count: count)
    var squares = distortions
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
        squares[part[row].image] += distance * distance / Double(draws)
      }
      for (row, gradient) in response.gradients.enumerated() {
        for cell in gradient.indices { gradients[part[row].image][cell] += gradient[cell] / Double(draws) }
      }
      start += part.count
    }
    return Measurement(distortions: distortions, squares: squares, gradients: gradients, draws: draws)
  }

  private func stream(_ identifier: Int, _ draw: Int) -> UInt64 {
    random.stream ^ (UInt64(truncatingIfNeeded: identifier) << 20 | UInt64(draw))
  }
}

/// e to a power, under a name that `Tensor.exp` does not hide.
func exponential(_ x: Double) -> Double { Glibc.exp(x) }
