import Statistics
import Support

/// Whether two networks keep the same cells of the same images.
public struct MapSimilarity: Sendable {
  /// Mean over images of how much more of the object than of its surroundings the first network keeps, and the second,
  /// nats; nil without masks.
  public let gaps: (a: Estimate?, b: Estimate?)
  /// Gap of the first − gap of the second, paired by image, nats; nil without masks.
  public let difference: Estimate?
  /// Mean over images of Spearman's correlation between both maps; nil where no pair of maps can be used.
  public let correlation: Estimate?

  /// - Parameters:
  ///   - a: maps of the first network, one for each image; those that did not converge count nowhere.
  ///   - b: maps of the second network, on the same grid.
  ///   - foreground: whether each cell shows the object, image by image; nil where that is not known.
  public init(_ a: [EntropyMap], _ b: [EntropyMap], foreground: [[Bool]]?) {
    precondition(
      a.count == b.count && foreground.map(\.count) ?? a.count == a.count,
      "MapSimilarity: \(a.count) and \(b.count) maps, \(foreground?.count ?? a.count) masks")
    func gaps(_ maps: [EntropyMap]) -> [Double?] {
      guard let foreground else { return maps.map { _ in nil } }
      return zip(maps, foreground).map { map, mask in
        (try? map.regionEntropies(foreground: mask).get()).map { $0.background - $0.foreground }
      }
    }
    let (ours, theirs) = (gaps(a), gaps(b))
    self.gaps = (Self.estimate(ours), Self.estimate(theirs))
    difference = Self.estimate(zip(ours, theirs).map { a, b in a.flatMap { a in b.map { a - $0 } } })
    correlation = Self.estimate(
      zip(a, b).map { $0.rankCorrelation(with: $1) }, within: QuantityRange.correlation)
  }

  private static func estimate(
    _ values: [Double?], within range: ClosedRange<Double> = QuantityRange.unbounded
  ) -> Estimate? {
    studentInterval(of: values.compactMap { $0 }, over: "images", within: range)
  }
}

extension EntropyMap {
  /// Spearman's rank correlation with another map of the same image on the same grid.
  ///
  /// - Returns: nil where one of the maps did not converge or is constant.
  public func rankCorrelation(with other: EntropyMap) -> Double? {
    guard isUsable, other.isUsable else { return nil }
    return spearmanCorrelation(entropies.map(Double.init), other.entropies.map(Double.init))
  }
}
