import Support

/// How the published procedure measures entropies: the settings of the code that Cheng et al. released (CVPR 2020).
public struct PublishedSettings: Sendable, Equatable, Codable {
  /// Cells along each side of the grid.
  public var grid: Int
  /// Noisy copies of the image in each step.
  public var draws: Int
  /// Steps of SGD.
  public var steps: Int
  /// Further steps where the mean entropy has not passed its target by then.
  public var extraSteps: Int
  /// λ, the weight of the mean entropy in the objective.
  public var weight: Double
  /// Factor on λ in the further steps.
  public var extraFactor: Double
  /// Rate of SGD on σ.
  public var rate: Double
  /// σ of every cell at the start, in units of pixels scaled to [0, 1].
  public var start: Double
  /// Bounds of σ.
  public var bounds: ClosedRange<Double>
  /// Mean entropy at which maps are kept and networks compared, nats.
  public var target: Double

  /// - Parameters: as the properties; the defaults are the published ones, for VGG and AlexNet.
  public init(
    grid: Int = 16, draws: Int = 96, steps: Int = 60, extraSteps: Int = 20, weight: Double = 7,
    extraFactor: Double = 1.5, rate: Double = 1e-4, start: Double = 0.01, bounds: ClosedRange<Double> = 0.001...1,
    target: Double = -2.8
  ) {
    self.grid = grid
    self.draws = draws
    self.steps = steps
    self.extraSteps = extraSteps
    self.weight = weight
    self.extraFactor = extraFactor
    self.rate = rate
    self.start = start
    self.bounds = bounds
    self.target = target
  }

  /// λ of a family of networks: 6 for ResNets, 7 for VGG, AlexNet and what else has no shortcuts.
  ///
  /// - Parameter model: name in the catalogue.
  /// - Returns: λ.
  public static func weight(for model: String) -> Double { isResidual(model) ? 6 : 7 }

  /// The first checkpoint that may be the one with most concepts: the code leaves epoch 0 out for ResNets only.
  ///
  /// - Parameter model: name in the catalogue.
  /// - Returns: 0 or 1.
  public static func firstEpoch(for model: String) -> Moment { isResidual(model) ? 1 : 0 }

  private static func isResidual(_ model: String) -> Bool { model.contains("resnet") }

  /// Passes (forward and backward to the input) of one map, all steps taken.
  public var passes: Double { Double(draws * (steps + extraSteps)) + 0.5 * Double(draws) }
}
