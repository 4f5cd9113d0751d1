import Statistics

/// What the hypotheses ask of one network of one seed.
public struct NetworkEvidence: Sendable, Equatable {
  /// What the network is.
  public let role: String
  /// The training seed.
  public let seed: Int
  /// When each checkpoint was reached, as a share of the baseline's steps; 0 is the untrained network.
  public let times: [Double]
  /// The gap in nats, by checkpoint, then by image; nil where a map cannot be used.
  public let gaps: [[Double?]]
  /// ρ of each image; nil where it has none.
  public let stability: [Double?]
  /// ρ of each image in a network that does not change; nil where it has none.
  public let floor: [Double?]
  /// Maps that were needed.
  public let maps: Int
  /// Those of them that did not converge.
  public let failedMaps: Int

  /// - Parameters: as the properties.
  public init(
    role: String, seed: Int, times: [Double], gaps: [[Double?]], stability: [Double?], floor: [Double?],
    maps: Int = 0, failedMaps: Int = 0
  ) {
    self.role = role
    self.seed = seed
    self.times = times
    self.gaps = gaps
    self.stability = stability
    self.floor = floor
    self.maps = maps
    self.failedMaps = failedMaps
  }

  /// Mean over images of the gap at each checkpoint.
  ///
  /// - Parameter images: positions; all that have a value at every checkpoint where nil.
  /// - Returns: nil without images.
  public func curve(_ images: [Int]? = nil) -> [Double]? {
    let images = images ?? wholeImages
    guard !images.isEmpty else { return nil }
    return gaps.map { row in images.reduce(0) { $0 + (row[$1] ?? .nan) } / Double(images.count) }
  }

  /// Images that have a gap at every checkpoint.
  var wholeImages: [Int] {
    (0..<(gaps.first?.count ?? 0)).filter { image in gaps.allSatisfy { $0[image] != nil } }
  }

  /// Mean over images of the gap at the last checkpoint, nats.
  public var lastGap: Double? { mean(of: (gaps.last ?? []).compactMap { $0 }) }

  /// Mean over images of the gap of the untrained network, nats.
  public var untrainedGap: Double? { times.first == 0 ? mean(of: gaps[0].compactMap { $0 }) : nil }
}

/// A curve of gaps over time.
enum GapCurve {
  /// When a curve first reaches a level, linear between checkpoints; nil where it never does.
  static func time(_ times: [Double], _ curve: [Double], to level: Double) -> Double? {
    for place in curve.indices where curve[place] >= level {
      guard place > 0 else { return times[0] }
      let (before, after) = (curve[place - 1], curve[place])
      return times[place - 1] + (level - before) / (after - before) * (times[place] - times[place - 1])
    }
    return nil
  }

  /// t½: when a curve first reaches half of its own maximum; nil where that is not above 0.
  static func halfTime(_ times: [Double], _ curve: [Double]) -> Double? {
    guard let most = curve.max(), most > 0 else { return nil }
    return time(times, curve, to: most / 2)
  }
}

/// Whether a network is better than chance.
public struct NetworkSkill: Sendable, Equatable {
  /// What the network is.
  public let role: String
  /// The training seed.
  public let seed: Int
  /// Share of test images that it has right, with an interval over the images.
  public let accuracy: Estimate
  /// The share that the most frequent class alone has right.
  public let chance: Double

  /// - Parameters: as the properties.
  public init(role: String, seed: Int, accuracy: Estimate, chance: Double) {
    self.role = role
    self.seed = seed
    self.accuracy = accuracy
    self.chance = chance
  }

  /// Whether the interval lies above chance.
  public var isAboveChance: Bool { (accuracy.lower ?? accuracy.value) > chance }
}

extension ConceptStudy {
  /// What the hypotheses ask of a network, from maps without position.
  ///
  /// - Parameter run: of the study.
  /// - Returns: gaps at every checkpoint, ρ and its floor at b = 0.4 nats.
  public func evidence(of run: EntropySeries) -> NetworkEvidence {
    let b = Hypothesis.threshold
    func values(_ quantity: ConceptQuantity) -> [Double?] {
      observations(of: quantity, in: run, threshold: b)?.map { try? $0.get() } ?? images.indices.map { _ in nil }
    }
    let maps = (run.maps + run.repeats.dropFirst()).flatMap { $0 }
    return NetworkEvidence(
      role: run.role, seed: run.seed, times: run.times,
      gaps: run.epochs.indices.map { position in
        images.foreground.indices.map { try? run.gap(of: $0, at: position, foreground: images.foreground[$0]).get() }
      }, stability: values(.stability), floor: values(.noiseFloor), maps: maps.count,
      failedMaps: maps.count { !$0.isUsable })
  }

  /// What the hypotheses ask of every network.
  public var evidence: [NetworkEvidence] { series.map(evidence) }
}

extension EntropySeries {
  /// g: how much more of the object than of its surroundings the network keeps, mean of the background cells − mean of
  /// the object's, nats.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - position: among the stored epochs.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  /// - Returns: the gap, or why there is none.
  public func gap(of image: Int, at position: Int, foreground: [Bool]) -> Observation {
    regionEntropies(of: image, at: position, foreground: foreground).map { $0.background - $0.foreground }
  }

  /// The probability that a cell of the object has the smaller entropy than one of its surroundings; 0.5 knows nothing.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - position: among the stored epochs.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  /// - Returns: from 0 to 1, or why there is none.
  public func characteristic(of image: Int, at position: Int, foreground: [Bool]) -> Observation {
    regionEntropies(of: image, at: position, foreground: foreground).map { _ in
      areaUnderCharacteristic(of: maps[position][image].entropies.map { -Double($0) }, positives: foreground) ?? 0.5
    }
  }
}
