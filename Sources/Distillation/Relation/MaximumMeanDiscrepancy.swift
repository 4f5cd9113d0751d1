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
    let (count, points) = (x.shape[0], concatenated([x, y], alongAxis: 0))
    let table = points.scaleFree({ squaredDistances(among: $0) }, perRow: false)
    let width = withoutRecording { table.mean() }.item
    // Points that all coincide are one cloud.
    guard width > 0 else { return points.nothing }
    let kernel = factors.map { (table * (-0.5 / ($0 * width))).exp() }.summed
    // Pairs within a cloud count with 1, those between the clouds with −1.
    let signs = (0..<4 * count * count).map { place -> Float in
      (place / (2 * count) < count) == (place % (2 * count) < count) ? 1 : -1
    }
    return (kernel * Tensor(signs, shape: table.shape)).sum() / Float(count * count)
  }
}
