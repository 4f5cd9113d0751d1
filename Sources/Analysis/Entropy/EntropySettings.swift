import Glibc

/// How entropies are solved for.
public struct EntropySettings: Sendable, Equatable, Codable {
  /// τ: E‖h(x′) − h(x)‖² over the feature's own variance δ².
  public var distortion: Double
  /// Cells along each side of the grid.
  public var grid: Int
  /// Iterations of the fixed point.
  public var iterations: Int
  /// Noise draws of each image in each iteration.
  public var draws: Int
  /// Forward passes of each image in each of the two rounds that decide the final scale, D = τ.
  public var scalingDraws: Int
  /// Perturbed images in one forward pass; the result does not depend on it.
  public var batch: Int
  /// Bounds of σ, in units of pixels scaled to [0, 1].
  public var bounds: ClosedRange<Double>
  /// η: share of the proposal in each iteration.
  public var share: Double
  /// |ln D/τ| above which a map counts as not converged, if it is more than the Monte-Carlo error of D explains.
  public var tolerance: Double

  /// - Parameters: as the properties; `scalingDraws` is a quarter of the iterations' draws where nil.
  public init(
    distortion: Double = 0.1, grid: Int = 16, iterations: Int = 16, draws: Int = 16, scalingDraws: Int? = nil,
    batch: Int = 128, bounds: ClosedRange<Double> = 1e-4...3, share: Double = 0.6, tolerance: Double = 0.05
  ) {
    self.distortion = distortion
    self.grid = grid
    self.iterations = iterations
    self.draws = draws
    self.scalingDraws = scalingDraws ?? max(16, iterations * draws / 4)
    self.batch = batch
    self.bounds = bounds
    self.share = share
    self.tolerance = tolerance
  }

  /// Forward passes that set the common start, two rounds.
  static let startDraws = 4
  /// Draws in the rounds that bring D to τ: a rough one, then two that are averaged.
  var scalingRounds: [Int] { [max(8, scalingDraws / 2), scalingDraws, scalingDraws] }
  /// Draws that tell what D was reached.
  var verifyingDraws: Int { max(8, scalingDraws / 2) }

  /// Bounds of θ = ln σ.
  var logBounds: ClosedRange<Double> { log(bounds.lowerBound)...log(bounds.upperBound) }

  /// Passes (forward and backward to the input) of one map; forward passes alone count half.
  public var passes: Double {
    Double(iterations * draws)
      + 0.5 * Double(2 * EntropySettings.startDraws + scalingRounds.reduce(verifyingDraws, +))
  }
}
