import Glibc
import Tensors

/// Pixel-wise entropies as the code of Cheng et al. (CVPR 2020) computes them (method: Ma et al., arXiv 1906.04109):
/// plain SGD on σ, for a fixed number of steps, towards a given mean entropy.
///
/// Minimises MSE(relu f(x + σ∘ε), relu f(x)) / s_f − λ·mean_i H_i, H_i = ln σ_i + ½ ln(2πe), one image at a time; s_f is
/// the same MSE at the start. The kept σ is the iterate whose mean entropy is nearest to the target, so that networks
/// are compared at equal mean entropy, not at equal distortion.
public struct PublishedDescent {
  /// Steps, draws, rates.
  public var settings: PublishedSettings
  /// Noisy copies in one pass; the result does not depend on it.
  public var batch = 96
  /// Unit noise of each step, [draws, height, width, channels], step 0 for s_f; nil to draw it.
  package var givenNoise: ((_ step: Int) -> Tensor)?
  private let perturbation: Perturbation
  private let feature: (Tensor) -> Tensor

  /// - Parameters:
  ///   - settings: steps, draws, rates.
  ///   - grid: cells over pixels.
  ///   - deviation: standard deviation by which each colour was divided when the images were normalised.
  ///   - feature: from normalised images [n, height, width, channels] to relu f, on the tape if they are.
  public init(
    _ settings: PublishedSettings, grid: CellGrid, deviation: [Float], feature: @escaping (Tensor) -> Tensor
  ) {
    self.settings = settings
    perturbation = Perturbation(grid: grid, scale: deviation.map { 1 / $0 })
    self.feature = feature
  }

  /// Measures one image.
  ///
  /// - Parameters:
  ///   - image: normalised, [1, height, width, channels].
  ///   - random: gives the noise; images with streams of their own have noise of their own.
  /// - Returns: the map, with MSE / s_f as its distortion; not converged where s_f is 0, as such an image is invalid.
  public func map(of image: Tensor, random: Philox) -> EntropyMap {
    let clean = withoutRecording { feature(image) }
    let cells = perturbation.grid.count
    var sigmas = Array(repeating: settings.start, count: cells)
    let scale = response(image, clean, sigmas, random, step: 0, withGradient: false).distance
    guard scale > 0, scale.isFinite else {
      let start = Float(log(settings.start) + EntropySolver.unitEntropy)
      return EntropyMap(
        entropies: Array(repeating: start, count: cells), distortion: 0, targetDistortion: 0, isConverged: false)
    }
    var kept: (gap: Double, entropies: [Double], distortion: Double) = (.infinity, [], .nan)
    var largest = -Double.infinity
    var weight = settings.weight
    for step in 1...settings.steps + settings.extraSteps {
      if step == settings.steps + 1 {
        if largest > settings.target { break }
        weight *= settings.extraFactor
      }
      for cell in 0..<cells {
        sigmas[cell] = min(max(sigmas[cell], settings.bounds.lowerBound), settings.bounds.upperBound)
      }
      let entropies = sigmas.map { log($0) + EntropySolver.unitEntropy }
      let mean = entropies.reduce(0, +) / Double(cells)
      largest = max(largest, mean)
      let found = response(image, clean, sigmas, random, step: step, withGradient: true)
      let gap = abs(mean - settings.target)
      if gap < kept.gap { kept = (gap, entropies, found.distance / scale) }
      for cell in 0..<cells {
        // ∂/∂σ = ∂/∂ln σ / σ. The bounds do not stop the gradient: they act on the next step's σ.
        let slope = (found.gradient[cell] / scale - weight / Double(cells)) / sigmas[cell]
        sigmas[cell] -= settings.rate * slope
      }
    }
    return EntropyMap(
      entropies: kept.entropies.map(Float.init), distortion: kept.distortion, targetDistortion: kept.distortion,
      isConverged: kept.distortion.isFinite)
  }

  /// Squared move of the feature, mean over draws, and its gradient with respect to ln σ.
  private func response(
    _ image: Tensor, _ clean: Tensor, _ sigmas: [Double], _ random: Philox, step: Int, withGradient: Bool
  ) -> (distance: Double, gradient: [Double]) {
    let theta = sigmas.map { log($0) }
    let draws = settings.draws
    var distance = 0.0
    var gradient = Array(repeating: 0.0, count: sigmas.count)
    for start in stride(from: 0, to: draws, by: batch) {
      let end = min(draws, start + batch)
      let rows = (start..<end).map { draw in
        (image: 0, stream: Philox(seed: random.seed, stream: random.stream ^ UInt64(step * draws + draw)))
      }
      let part = perturbation.response(
        of: feature, image, clean, theta: [theta], rows: rows, variance: 1, withGradient: withGradient,
        unitNoise: givenNoise?(step).slice(start..<end, alongAxis: 0))
      distance += part.distances.reduce(0, +) / Double(draws)
      for row in part.gradients { for cell in row.indices { gradient[cell] += row[cell] / Double(draws) } }
    }
    return (distance, gradient)
  }
}
