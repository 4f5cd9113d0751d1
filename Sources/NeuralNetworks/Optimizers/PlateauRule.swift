/// When a learning rate falls because the development loss does not: PyTorch's `ReduceLROnPlateau`, mode `min`, threshold
/// relative.
///
/// An epoch is better if its loss is below (1 − threshold) times the best so far. After more than `patience` epochs in
/// a row that are not, the rate is multiplied by `factor`; for `cooldown` epochs afterwards none counts as bad.
///
/// The rate is a function of the losses so far alone, so a training that goes on from its history has the same rates.
public struct PlateauRule: Sendable, Equatable, Codable {
  /// What the rate is multiplied by, in (0, 1).
  public var factor: Double
  /// Epochs in a row without a better loss that are put up with.
  public var patience: Int
  /// Share of the best loss by which one must be lower to be better.
  public var threshold: Double
  /// Epochs after a fall that do not count as bad.
  public var cooldown: Int
  /// The rate does not fall below this.
  public var minimumRate: Double

  /// - Parameters: as the properties.
  public init(
    factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0, minimumRate: Double = 0
  ) {
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimumRate = minimumRate
  }

  /// The rate after some epochs.
  ///
  /// - Parameters:
  ///   - losses: development loss of each epoch so far, in order.
  ///   - base: the rate at the beginning.
  /// - Returns: the rate of the next epoch.
  public func rate(after losses: [Double], base: Double) -> Double {
    // PyTorch leaves out falls of less than this.
    let least = 1e-8
    var (rate, best, bad, rest) = (base, Double.infinity, 0, 0)
    for loss in losses {
      if loss < best * (1 - threshold) {
        best = loss
        bad = 0
      } else {
        bad += 1
      }
      if rest > 0 {
        rest -= 1
        bad = 0
      }
      if bad > patience {
        let lower = max(rate * factor, minimumRate)
        if rate - lower > least { rate = lower }
        rest = cooldown
        bad = 0
      }
    }
    return rate
  }
}
