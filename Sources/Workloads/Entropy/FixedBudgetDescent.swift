import Analysis
import Glibc
import Tensors

/// The published procedure of pixel-wise entropies without its last optional steps (Ma et al., arXiv 1906.04109): plain
/// SGD on σ for a fixed number of steps, many draws each.
///
/// Here it is a yardstick of speed, the same arithmetic as in the PyTorch script; measurements use ``EntropySolver``.
public struct FixedBudgetDescent {
  /// Noisy copies of the image in each step.
  public var draws = 96
  /// Steps of SGD.
  public var steps = 60
  /// Noisy copies in one pass; the result does not depend on it.
  public var batch = 96
  /// λ, the weight of the entropy.
  public var weight = 6.0
  private let start = 0.01
  private let bounds = 0.001...1.0
  private let rate = 1e-4
  private let target = -2.8
  private let perturbation: Perturbation
  private let feature: (Tensor) -> Tensor

  /// - Parameters:
  ///   - grid: cells over pixels.
  ///   - deviation: standard deviation by which each colour was divided when the images were normalised.
  ///   - feature: from normalised images [n, height, width, channels] to their features, on the tape if they are.
  public init(grid: CellGrid, deviation: [Float], feature: @escaping (Tensor) -> Tensor) {
    perturbation = Perturbation(grid: grid, scale: deviation.map { 1 / $0 })
    self.feature = feature
  }

  /// Measures one image.
  ///
  /// - Parameters:
  ///   - image: normalised, [1, height, width, channels].
  ///   - random: gives the noise.
  /// - Returns: entropies of the cells in nats: the iterate whose mean is nearest to −2.8.
  public func map(of image: Tensor, random: Philox) -> [Double] {
    let clean = withoutRecording { feature(image) }
    let cells = perturbation.grid.count
    var sigmas = Array(repeating: start, count: cells)
    let scale = distances(image, clean, sigmas, random, step: 0, withGradient: false).distance
    var kept: (gap: Double, entropies: [Double]) = (.infinity, [])
    for step in 1...steps {
      let inside = sigmas.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
      let entropies = inside.map { log($0) + EntropySolver.unitEntropy }
      let gap = abs(entropies.reduce(0, +) / Double(cells) - target)
      if gap < kept.gap { kept = (gap, entropies) }
      let gradient = distances(image, clean, inside, random, step: step, withGradient: true).gradient
      for cell in 0..<cells where sigmas[cell] == inside[cell] {
        let slope = (gradient[cell] / scale - weight / Double(cells)) / sigmas[cell]
        sigmas[cell] -= rate * slope
      }
    }
    return kept.entropies
  }

  /// Mean squared move of the feature over draws, and its gradient with respect to ln σ.
  private func distances(
    _ image: Tensor, _ clean: Tensor, _ sigmas: [Double], _ random: Philox, step: Int, withGradient: Bool
  ) -> (distance: Double, gradient: [Double]) {
    let theta = sigmas.map { log($0) }
    var distance = 0.0
    var gradient = Array(repeating: 0.0, count: sigmas.count)
    for start in stride(from: 0, to: draws, by: batch) {
      let rows = (start..<min(draws, start + batch)).map { draw in
        (image: 0, stream: Philox(seed: random.seed, stream: UInt64(step * draws + draw)))
      }
      let part = perturbation.response(
        of: feature, image, clean, theta: [theta], rows: rows, variance: 1, withGradient: withGradient)
      distance += part.distances.reduce(0, +) / Double(draws)
      for row in part.gradients { for cell in row.indices { gradient[cell] += row[cell] / Double(draws) } }
    }
    return (distance, gradient)
  }
}
