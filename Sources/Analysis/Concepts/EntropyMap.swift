#if canImport(Glibc)
  import Glibc
#endif

/// How much of each cell of one image a network discards: pixel-wise entropies (Guan et al., ICML 2019), with how well
/// they were solved for.
public struct EntropyMap: Sendable, Equatable, Codable {
  /// H_i in nats, one per cell of the grid, row by row.
  public var entropies: [Float]
  /// The reached distortion D = E‖h(x′) − h(x)‖² / δ², dimensionless.
  public var distortion: Double
  /// Standard error of ln D, from the spread over draws; nil where the procedure has none.
  public var distortionError: Double?
  /// The distortion τ that was asked for.
  public var targetDistortion: Double
  /// Whether D came within the solver's tolerance of τ; maps that did not are counted, not used.
  public var isConverged: Bool
  /// Largest |ln G_i − mean ln G| over the cells off their bounds, 0 at the optimum; nil where the procedure has none.
  public var largestResidual: Double?
  /// Standard deviation of ln G_i over the cells off their bounds, 0 at the optimum; nil where the procedure has none.
  public var residualSpread: Double?

  /// - Parameters:
  ///   - entropies: nats, one per cell, row by row.
  ///   - distortion: the reached distortion, dimensionless.
  ///   - distortionError: Monte-Carlo standard error of ln D.
  ///   - targetDistortion: the distortion that was asked for.
  ///   - isConverged: whether the one came within tolerance of the other.
  ///   - largestResidual: largest |ln G_i − mean ln G| over the cells off their bounds.
  ///   - residualSpread: standard deviation of ln G_i over the cells off their bounds.
  public init(
    entropies: [Float], distortion: Double, distortionError: Double? = nil, targetDistortion: Double, isConverged: Bool,
    largestResidual: Double? = nil, residualSpread: Double? = nil
  ) {
    self.entropies = entropies
    self.distortion = distortion
    self.distortionError = distortionError
    self.targetDistortion = targetDistortion
    self.isConverged = isConverged
    self.largestResidual = largestResidual
    self.residualSpread = residualSpread
  }

  /// |ln D/τ|, 0 where the constraint is met exactly.
  public var logDistortionError: Double { abs(log(distortion / targetDistortion)) }

  /// Whether the map may be counted: converged, and every entropy a number.
  public var isUsable: Bool { isConverged && entropies.allSatisfy(\.isFinite) }
}
