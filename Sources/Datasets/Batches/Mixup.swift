import Foundation
import Tensors

/// The other image of a mixture.
public struct Mixing: Sendable, Equatable {
  /// Place of the other image in the training split.
  public let partner: Int
  /// The image's own share λ, in [½, 1]; the other has 1 − λ.
  public let share: Float
}

extension Mixing {
  /// The mixture of one image in one epoch.
  package static func of(_ index: Int, among count: Int, alpha: Double, _ random: Philox, epoch: Int) -> Mixing {
    var generator = RandomGenerator(random.split(.mixing, epoch << 32 | index))
    return drawn(of: count, alpha: alpha, &generator)
  }

  /// Draws from all images, and the share from Beta(α, α) (Zhang et al., "mixup", ICLR 2018).
  ///
  /// The larger of λ and 1 − λ is the image's own (as in MixMatch, NeurIPS 2019). That changes nothing where both images
  /// are drawn at random, and the image's own label is the main one.
  package static func drawn(of count: Int, alpha: Double, _ random: inout RandomGenerator) -> Mixing {
    let partner = random.index(below: count)
    let share = beta(alpha, &random)
    return Mixing(partner: partner, share: Float(max(share, 1 - share)))
  }

  /// A draw from Beta(α, α): X / (X + Y) of two Gamma(α) draws.
  package static func beta(_ alpha: Double, _ random: inout RandomGenerator) -> Double {
    let (x, y) = (logGamma(alpha, &random), logGamma(alpha, &random))
    // In logarithms: for small α both are often below the smallest number.
    return 1 / (1 + exp(y - x))
  }

  /// The logarithm of a draw from Gamma(α, 1) (Marsaglia & Tsang, ACM TOMS 26, 2000); for α < 1 that of α + 1 times
  /// U^(1/α).
  private static func logGamma(_ alpha: Double, _ random: inout RandomGenerator) -> Double {
    if alpha < 1 {
      let boost = log(open(&random)) / alpha
      return logGamma(alpha + 1, &random) + boost
    }
    let d = alpha - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = (-2 * log(open(&random))).squareRoot() * cos(2 * .pi * open(&random))
      let root = 1 + c * normal
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(open(&random)) < normal * normal / 2 + d - d * cube + d * log(cube) { return log(d * cube) }
    }
  }

  /// A uniform number in (0, 1).
  private static func open(_ random: inout RandomGenerator) -> Double {
    (Double(random.next() >> 11) + 0.5) * 0x1p-53
  }
}
