import Glibc

/// The learning rate over epochs: a shape, with a linear warm-up before it if wanted.
public struct LearningRateSchedule: Sendable, Equatable, Codable {
  /// How the rate falls.
  public enum Shape: Sendable, Equatable, Codable {
    case constant
    /// Times `factor` at the start of each of these epochs (counted from 0).
    case multiStep(at: [Int], factor: Double)
    /// Half a cosine from the base rate to zero over the whole training (Loshchilov & Hutter, ICLR 2017).
    case cosine
  }

  /// Rate after warm-up, before any fall.
  public var base: Double
  /// How the rate falls.
  public var shape: Shape
  /// Epochs over which the rate rises linearly, step by step, to the base.
  public var warmUp: Double

  /// - Parameters:
  ///   - base: rate after warm-up.
  ///   - shape: how the rate falls.
  ///   - warmUp: epochs of linear rise.
  public init(base: Double, shape: Shape = .constant, warmUp: Double = 0) {
    self.base = base
    self.shape = shape
    self.warmUp = warmUp
  }

  /// The rate at a moment of training.
  ///
  /// - Parameters:
  ///   - epoch: epochs done, with the fraction of the running one: 2.5 is the middle of the third.
  ///   - total: length of the training in epochs.
  /// - Returns: the learning rate.
  public func rate(at epoch: Double, of total: Int) -> Double {
    if epoch < warmUp { return base * epoch / warmUp }
    switch shape {
    case .constant: return base
    case .multiStep(let milestones, let factor):
      return base * pow(factor, Double(milestones.count { Double($0) <= epoch }))
    case .cosine:
      let fraction = (epoch - warmUp) / max(1e-9, Double(total) - warmUp)
      return base * 0.5 * (1 + cos(.pi * min(1, fraction)))
    }
  }
}
