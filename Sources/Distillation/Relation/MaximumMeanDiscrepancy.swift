import Tensors

/// How far two clouds of points are from being drawn from one distribution: MMD² (Gretton et al., JMLR 2012, eq. 5,
/// the biased form) with a sum of Gaussian kernels.
enum MaximumMeanDiscrepancy {
  /// Widths in units of the mean squared distance of all pairs.
  private static let factors: [Float] = [0.25, 0.5, 1, 2, 4]

  /// mean k(x, x') + mean k(y, y') − 2 mean k(x, y), k = Σ exp(−‖a − b‖² / (2σ²)), σ² = {¼, ½, 1, 2, 4} × the mean squared
  /// distance over all pairs of both clouds, each point with itself included; σ is a constant.
  ///
  /// - Parameters:
  ///   - x: [points, features].
  ///   - y: as many points of the same space.
  /// - Returns: a scalar of at least 0.
  static func squared(_ x: Tensor, _ y: Tensor) -> Tensor {
    let tables = [squaredDistances(among: x), squaredDistances(among: y), squaredDistances(x, y)]
    let width = withoutRecording {
      (tables[0].mean() + tables[1].mean() + tables[2].mean() * 2).item / 4
    }
    let means = tables.map { table in
      factors.map { (table * (-0.5 / max($0 * width, 1e-12))).exp().mean() }.summed
    }
    return means[0] + means[1] - means[2] * 2
  }
}
