import Statistics
import Support

/// Maps of one network at one layer, one per probe image.
public struct ValidityRun: Sendable, Equatable {
  /// What the network is ("untrained", "trained", …).
  public let network: String
  /// Where its feature was taken.
  public let layer: String
  /// The training seed; networks of one seed share their first weights and are compared in pairs.
  public let seed: Int
  /// One per probe image.
  public let maps: [EntropyMap]

  /// - Parameters:
  ///   - network: what the network is.
  ///   - layer: where its feature was taken.
  ///   - seed: the training seed.
  ///   - maps: one per probe image.
  public init(network: String, layer: String, seed: Int, maps: [EntropyMap]) {
    self.network = network
    self.layer = layer
    self.seed = seed
    self.maps = maps
  }
}

/// Do entropy maps find the part of an image that its label depends on?
public struct ValidityStudy: Sendable {
  /// Each probe image's index in its data set.
  public let images: [Int]
  /// What the cells of each probe image show.
  public let cells: [PartCells]
  /// One per network, layer and seed.
  public let runs: [ValidityRun]
  /// The thresholds b, nats.
  public let thresholds: [Double]
  /// How intervals are found.
  public let bootstrap: Bootstrap

  /// - Parameters:
  ///   - images: each probe image's index in its data set.
  ///   - cells: what the cells of each probe image show.
  ///   - runs: each with a map of every probe image.
  ///   - thresholds: b, nats.
  ///   - bootstrap: how intervals are found.
  public init(
    images: [Int], cells: [PartCells], runs: [ValidityRun], thresholds: [Double] = [0.1, 0.2, 0.4, 0.8],
    bootstrap: Bootstrap = Bootstrap()
  ) {
    precondition(images.count == cells.count, "ValidityStudy: \(images.count) images, cells of \(cells.count)")
    for run in runs {
      precondition(run.maps.count == images.count, "ValidityStudy: \(run.maps.count) maps of \(images.count) images")
    }
    self.images = images
    self.cells = cells
    self.runs = runs
    self.thresholds = thresholds
    self.bootstrap = bootstrap
  }

  /// A number of one image in one network; nil where it is undefined.
  public typealias Quantity = (EntropyMap, PartCells) -> Double?

  /// The networks, in the order of their first run.
  public var networks: [String] { unique(runs.map(\.network)) }
  /// The layers, in the order of their first run.
  public var layers: [String] { unique(runs.map(\.layer)) }
  /// The seeds, in the order of their first run.
  public var seeds: [Int] { unique(runs.map(\.seed)) }

  /// The runs of one network at one layer, one per seed.
  public func runs(of network: String, layer: String) -> [ValidityRun] {
    runs.filter { $0.network == network && $0.layer == layer }
  }

  /// The number of every image in one run; nil where it is undefined, or the map did not converge.
  public func values(in run: ValidityRun, _ quantity: Quantity) -> [Double?] {
    zip(run.maps, cells).map { map, cells in map.isUsable ? quantity(map, cells) : nil }
  }

  /// The mean over seeds and images.
  public func estimate(_ network: String, layer: String, _ quantity: Quantity) -> ValidityEstimate {
    estimate(runs(of: network, layer: layer).map { values(in: $0, quantity) })
  }

  /// The mean difference of two networks, paired by seed and image.
  public func difference(
    _ network: String, minus other: String, layer: String, _ quantity: Quantity
  ) -> ValidityEstimate {
    let rivals = runs(of: other, layer: layer)
    return estimate(
      runs(of: network, layer: layer).compactMap { run in
        guard let rival = rivals.first(where: { $0.seed == run.seed }) else { return nil }
        return zip(values(in: run, quantity), values(in: rival, quantity)).map { pair in
          if let a = pair.0, let b = pair.1 { a - b } else { nil }
        }
      })
  }

  /// The mean difference of a network and chance, which depends on the image alone.
  public func difference(
    _ network: String, minusChance chance: (PartCells) -> Double?, layer: String, _ quantity: Quantity
  ) -> ValidityEstimate {
    estimate(
      runs(of: network, layer: layer).map { run in
        zip(values(in: run, quantity), cells).map { value, cells in
          if let value, let chance = chance(cells) { value - chance } else { nil }
        }
      })
  }

  /// The mean over groups of values, with intervals.
  ///
  /// - Parameter groups: values by seed; those that are nil are left out and counted.
  /// - Returns: the mean over seeds of the means over images.
  public func estimate(_ groups: [[Double?]]) -> ValidityEstimate {
    let known = groups.map { $0.compactMap { $0 } }.filter { !$0.isEmpty }
    let pooled = bootstrap.twoLevelEstimate(counts: known.map(\.count)) { group, units in
      units.reduce(0) { $0 + known[group][$1] } / Double(units.count)
    }
    return ValidityEstimate(
      estimate: pooled, overSeeds: studentInterval(of: known.compactMap(mean), over: "seeds"), seeds: known.count,
      images: known.reduce(0) { $0 + $1.count }, leftOut: groups.reduce(0) { $0 + $1.count { $0 == nil } })
  }

  private func unique<T: Hashable>(_ list: [T]) -> [T] {
    var seen: Set<T> = []
    return list.filter { seen.insert($0).inserted }
  }
}

/// A number of one network, or a difference of two, over seeds and images.
public struct ValidityEstimate: Sendable, Equatable {
  /// The mean with its two-level bootstrap interval; nil where no image has a value.
  public let estimate: Estimate?
  /// The same mean with Student's t interval over the seeds' own means: wider, and the honest one where seeds differ.
  public let overSeeds: Estimate?
  /// Seeds that have a value.
  public let seeds: Int
  /// Images that have a value, summed over seeds.
  public let images: Int
  /// Images without, summed over seeds.
  public let leftOut: Int
}

/// Whether the trained network finds the informative part better than something else does.
public enum ValidityVerdict: String, Sendable, CaseIterable {
  /// The interval of the difference lies above zero.
  case beats
  /// It lies below zero: the trained network is worse.
  case doesNotBeat = "does not beat"
  /// It contains zero, or there are fewer than three seeds.
  case inconclusive

  /// What a network is with respect to another: "better than".
  public var relation: String {
    switch self {
    case .beats: "better than"
    case .doesNotBeat: "worse than"
    case .inconclusive: "not shown to differ from"
    }
  }

  /// - Parameter difference: trained − other.
  public init(_ difference: ValidityEstimate) {
    let sign = difference.seeds < PairedClaim.fewestSeeds ? 0 : difference.estimate?.sign ?? 0
    self = sign > 0 ? .beats : sign < 0 ? .doesNotBeat : .inconclusive
  }
}
