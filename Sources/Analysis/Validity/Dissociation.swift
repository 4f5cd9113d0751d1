import Statistics
import Support

/// What the maps of two networks say of two parts of the same pictures, in one seed: network a learned part A's variant,
/// network b that of part B.
public struct Dissociation: Sendable, Equatable {
  /// The training seed of both networks.
  public let seed: Int
  /// Average precision of A's cells in the maps of network a, of −entropy as a score, mean over images.
  public let ownA: Double
  /// The same of A's cells in the maps of network b.
  public let otherA: Double
  /// The same of B's cells in the maps of network b.
  public let ownB: Double
  /// The same of B's cells in the maps of network a.
  public let otherB: Double
  /// Images behind it: those that show both parts and whose map can be used in both networks.
  public let images: Int

  /// The index: ½ [AP_A(a) − AP_A(b) + AP_B(b) − AP_B(a)]. 1 where each network's maps are its own part, 0 where both
  /// networks' maps are alike, whatever they show.
  public var index: Double { (ownA - otherA + ownB - otherB) / 2 }

  /// Nil where no image can be used.
  ///
  /// - Parameters:
  ///   - seed: of both networks.
  ///   - a: maps of network a, one for each image.
  ///   - b: maps of network b.
  ///   - cells: what the images show.
  public init?(seed: Int, a: [EntropyMap], b: [EntropyMap], cells: [TwoParts]) {
    precondition(
      a.count == cells.count && b.count == cells.count,
      "Dissociation: \(a.count) and \(b.count) maps of \(cells.count) images")
    func precision(_ map: EntropyMap, _ part: [Bool]) -> Double {
      averagePrecision(of: map.entropies.map { -Double($0) }, positives: part) ?? 0
    }
    let used = cells.indices.filter {
      a[$0].isUsable && b[$0].isUsable && cells[$0].a.contains(true) && cells[$0].b.contains(true)
    }
    func mean(_ value: (Int) -> Double) -> Double { used.reduce(0) { $0 + value($1) } / Double(used.count) }
    guard !used.isEmpty else { return nil }
    self.seed = seed
    ownA = mean { precision(a[$0], cells[$0].a) }
    otherA = mean { precision(b[$0], cells[$0].a) }
    ownB = mean { precision(b[$0], cells[$0].b) }
    otherB = mean { precision(a[$0], cells[$0].b) }
    images = used.count
  }
}

/// Whether the instrument finds the part that each network uses.
public enum DissociationVerdict: Sendable, Equatable {
  /// The index lies above the bar in all seeds' t interval.
  case passes
  /// It does not.
  case fails
  /// The study cannot ask; the reason is given with it.
  case notTestable(String)

  /// The word for it.
  public var word: String {
    switch self {
    case .passes: "passes"
    case .fails: "does not pass"
    case .notTestable: "not testable"
    }
  }
}

/// The index over seeds, measured in one way.
public struct DissociationStudy: Sendable, Equatable {
  /// The index that the lower end of the interval must exceed.
  public static let bar = 0.2
  /// Seeds that a verdict needs.
  public static let fewestSeeds = 5

  /// One for each seed.
  public let seeds: [Dissociation]
  /// Why nothing can be judged, if so: a network that has not learned its task.
  public let failure: String?

  /// - Parameters:
  ///   - seeds: one for each.
  ///   - failure: why nothing can be judged; nil where it can.
  public init(_ seeds: [Dissociation], failure: String? = nil) {
    self.seeds = seeds
    self.failure = failure
  }

  /// A number's mean over seeds with its 95 % Student t interval.
  ///
  /// - Parameter value: of one seed.
  /// - Returns: nil without seeds.
  public func estimate(_ value: (Dissociation) -> Double) -> Estimate? {
    studentInterval(of: seeds.map(value), over: "seeds")
  }

  /// The index over seeds.
  public var index: Estimate? { estimate(\.index) }

  /// Whether the lower end of the index's interval lies above the bar.
  public var verdict: DissociationVerdict {
    if let failure { return .notTestable(failure) }
    guard seeds.count >= Self.fewestSeeds, let lower = index?.lower else {
      return .notTestable(
        "\(seeds.count) \(seeds.count == 1 ? "seed" : "seeds"), at least \(Self.fewestSeeds) are needed")
    }
    return lower > Self.bar ? .passes : .fails
  }
}
