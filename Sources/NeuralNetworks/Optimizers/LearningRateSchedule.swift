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
    /// Times `factor` at the start of every so many epochs after the warm-up.
    case step(every: Int, factor: Double)
    /// Times `factor` at the start of every epoch after the warm-up.
    case exponential(factor: Double)
    /// (1 − the share of the training that is done)^power, step by step; power 1 is a straight line to zero.
    case polynomial(power: Double)
    /// Falls when the development loss does not.
    case plateau(PlateauRule)
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
  ///   - losses: development loss of each epoch done, which only a plateau asks for; those of the warm-up count too.
  /// - Returns: the learning rate.
  public func rate(at epoch: Double, of total: Int, after losses: [Double] = []) -> Double {
    if epoch < warmUp { return base * epoch / warmUp }
    switch shape {
    case .constant: return base
    case .multiStep(let milestones, let factor):
      return base * pow(factor, Double(milestones.count { Double($0) <= epoch }))
    case .cosine:
      return base * 0.5 * (1 + cos(.pi * share(at: epoch, of: total)))
    case .step(let interval, let factor):
      return base * pow(factor, ((epoch - warmUp) / Double(interval)).rounded(.down))
    case .exponential(let factor): return base * pow(factor, (epoch - warmUp).rounded(.down))
    case .polynomial(let power): return base * pow(1 - share(at: epoch, of: total), power)
    case .plateau(let rule): return rule.rate(after: losses, base: base)
    }
  }

  /// Whether the rate at some moment depends on how long the whole training is.
  public var dependsOnLength: Bool {
    switch shape {
    case .cosine, .polynomial: true
    case .constant, .multiStep, .step, .exponential, .plateau: false
    }
  }

  /// The share that is done of the training after its warm-up.
  private func share(at epoch: Double, of total: Int) -> Double {
    min(1, (epoch - warmUp) / max(1e-9, Double(total) - warmUp))
  }
}
