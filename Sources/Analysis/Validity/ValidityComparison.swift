/// One network against one rival in one number.
public struct ValidityComparison: Sendable, Equatable {
  /// Where the features were taken.
  public let layer: String
  /// Which number.
  public let measure: String
  /// What the network is compared with: another network, or ``chance``.
  public let rival: String
  /// Network − rival, paired by seed and image.
  public let difference: ValidityEstimate
  /// What the interval says.
  public var verdict: ValidityVerdict { ValidityVerdict(difference) }

  /// The rival that is no network: a random order of the cells, or concepts at random cells.
  public static let chance = "chance"
}

extension ValidityStudy {
  /// One network against rivals and chance: every number without a threshold, and the share of the concepts that lie on
  /// the informative part at every threshold.
  ///
  /// - Parameters:
  ///   - network: as a rule, the trained one.
  ///   - rivals: other networks.
  /// - Returns: by layer, number and rival, chance last.
  public func comparisons(of network: String, with rivals: [String]) -> [ValidityComparison] {
    let known = rivals.filter(networks.contains)
    return layers.flatMap { layer in
      func all(_ name: String, _ quantity: Quantity, _ chance: (PartCells) -> Double?) -> [ValidityComparison] {
        known.map { rival in
          ValidityComparison(
            layer: layer, measure: name, rival: rival,
            difference: difference(network, minus: rival, layer: layer, quantity))
        } + [
          ValidityComparison(
            layer: layer, measure: name, rival: ValidityComparison.chance,
            difference: difference(network, minusChance: chance, layer: layer, quantity))
        ]
      }
      return ValidityScores.Measure.allCases.flatMap { all($0.rawValue, $0.value, $0.chance) }
        + thresholds.flatMap { threshold in
          all(
            "share of concepts on the informative part, b = \(threshold)",
            { ConceptPlaces($0, $1, threshold: threshold)?.share(.informative) },
            { Double($0.count(.informative)) / Double($0.regions.count) })
        }
    }
  }
}
