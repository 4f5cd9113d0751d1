import Statistics

/// How well one entropy map finds the cells that carry the label; every number of one image.
public struct ValidityScores: Sendable, Equatable {
  /// A number of one map that needs no threshold.
  public enum Measure: String, Sendable, CaseIterable {
    /// Average precision of −H_i as a score of "the cell shows the informative part".
    case averagePrecision = "average precision"
    /// The same, a cell beside the informative part counting too.
    case averagePrecisionNearby = "average precision, one cell of tolerance"
    /// Probability that a cell of the informative part has a lower entropy than another cell.
    case area = "AUROC"
    /// The same among the cells of the object: is it this part, or just the object?
    case areaOnObject = "AUROC among the object's cells"

    /// A column name.
    public var key: String {
      switch self {
      case .averagePrecision: "average_precision"
      case .averagePrecisionNearby: "average_precision_nearby"
      case .area: "auroc"
      case .areaOnObject: "auroc_on_object"
      }
    }

    /// The mean over all orders of the cells, from what the image shows alone.
    public func chance(_ cells: PartCells) -> Double? {
      switch self {
      case .averagePrecision: chanceAveragePrecision(positives: cells.count(.informative), of: cells.regions.count)
      case .averagePrecisionNearby:
        chanceAveragePrecision(positives: cells.nearInformative.count { $0 }, of: cells.regions.count)
      case .area, .areaOnObject: 0.5
      }
    }

    /// The number of one map; nil where the image has no cell of one of the kinds.
    public func value(_ map: EntropyMap, _ cells: PartCells) -> Double? {
      let scores = map.entropies.map { -Double($0) }
      switch self {
      case .averagePrecision: return Statistics.averagePrecision(of: scores, positives: cells.informative)
      case .averagePrecisionNearby: return Statistics.averagePrecision(of: scores, positives: cells.nearInformative)
      case .area: return areaUnderCharacteristic(of: scores, positives: cells.informative)
      case .areaOnObject:
        let object = cells.regions.indices.filter { cells.regions[$0] != .background }
        return areaUnderCharacteristic(
          of: object.map { scores[$0] }, positives: object.map { cells.regions[$0] == .informative })
      }
    }
  }
}

/// Where the concepts of one map lie, at one threshold: H̄_bg − H_i > b, counted per region.
public struct ConceptPlaces: Sendable, Equatable {
  /// Concepts of each region, in the order of ``PartRegion``'s cases.
  public let concepts: [Int]
  /// Cells of each region, in the same order.
  public let cells: [Int]

  /// Counts one map.
  ///
  /// - Returns: nil where the map cannot be counted: not converged, or a region without cells.
  public init?(_ map: EntropyMap, _ cells: PartCells, threshold: Double) {
    guard let flags = try? map.concepts(foreground: cells.foreground, threshold: threshold).get() else { return nil }
    concepts = PartRegion.allCases.map { region in
      zip(flags, cells.regions).count { $0 && $1 == region }
    }
    self.cells = PartRegion.allCases.map(cells.count)
  }

  private func place(_ region: PartRegion) -> Int { PartRegion.allCases.firstIndex(of: region) ?? 0 }

  /// Share of the concepts that lie on a region; on the informative part it is the precision. Nil without concepts.
  public func share(_ region: PartRegion) -> Double? {
    let all = concepts.reduce(0, +)
    return all > 0 ? Double(concepts[place(region)]) / Double(all) : nil
  }

  /// Share of all cells that lie on a region: what concepts at random places would have.
  public func chance(_ region: PartRegion) -> Double { Double(cells[place(region)]) / Double(cells.reduce(0, +)) }

  /// Share of a region's cells that are concepts; on the informative part it is the recall. Nil without cells.
  public func recall(_ region: PartRegion) -> Double? {
    let all = cells[place(region)]
    return all > 0 ? Double(concepts[place(region)]) / Double(all) : nil
  }
}
