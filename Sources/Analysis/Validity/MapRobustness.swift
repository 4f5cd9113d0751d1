import Statistics
import Support

/// Does a map depend on what should not matter: noise draws, grid, distortion, threshold?
public struct RobustnessCheck: Sendable, Equatable {
  /// What was changed ("noise draws", "grid").
  public let factor: String
  /// To what ("another seed", "8×8").
  public let change: String
  /// Spearman's rank correlation with the unchanged map of the same image, by seed, then by image; nil where it is
  /// undefined: a map that did not converge, or one whose cells are all alike.
  public let correlations: [[Double?]]

  /// - Parameters:
  ///   - factor: what was changed.
  ///   - change: to what.
  ///   - correlations: by seed, then by image.
  public init(_ factor: String, _ change: String, correlations: [[Double?]]) {
    self.factor = factor
    self.change = change
    self.correlations = correlations
  }
}

extension EntropyMap {
  /// Spearman's rank correlation with another map of the same image, on the coarser of both grids.
  ///
  /// - Parameter other: its grid's side divides that of this map's grid, or is divided by it.
  /// - Returns: nil where one of the maps did not converge or is constant.
  public func rankCorrelation(with other: EntropyMap) -> Double? {
    guard isUsable, other.isUsable else { return nil }
    let side = min(self.side, other.side)
    return spearmanCorrelation(coarsened(to: side), other.coarsened(to: side))
  }

  /// Rank correlation of which cells are concepts at two thresholds (for two flags, the phi coefficient).
  ///
  /// - Parameters:
  ///   - first: b, nats.
  ///   - second: b, nats.
  ///   - cells: what the cells show.
  /// - Returns: nil where at one threshold all or no cells are concepts.
  public func conceptCorrelation(at first: Double, and second: Double, _ cells: PartCells) -> Double? {
    func flags(_ threshold: Double) -> [Double]? {
      (try? concepts(foreground: cells.foreground, threshold: threshold).get())?.map { $0 ? 1 : 0 }
    }
    guard let a = flags(first), let b = flags(second) else { return nil }
    return spearmanCorrelation(a, b)
  }

  /// Cells along each side of a square grid.
  var side: Int { Int(Double(entropies.count).squareRoot().rounded()) }

  /// Mean entropies, in nats, of the blocks of cells that make up a coarser square grid.
  func coarsened(to side: Int) -> [Double] {
    let own = self.side
    precondition(own * own == entropies.count && own % side == 0, "coarsened: \(entropies.count) cells to side \(side)")
    let factor = own / side
    var sums = Array(repeating: 0.0, count: side * side)
    for cell in entropies.indices {
      sums[cell / own / factor * side + cell % own / factor] += Double(entropies[cell])
    }
    return sums.map { $0 / Double(factor * factor) }
  }
}
