import Statistics

/// A student's accuracy against the baseline's, paired by training seed and by test image.
public struct AccuracyComparison: Sendable, Equatable {
  /// What may be said.
  public enum Verdict: String, Sendable, Equatable {
    /// The student is right more often.
    case better
    /// The student is right less often.
    case worse
    /// Neither, at the level.
    case noDifferenceShown = "no difference shown"
  }

  /// Name of the student.
  public let student: String
  /// The training seeds.
  public let seeds: [Int]
  /// Differences of accuracy, one per seed: what another training would give.
  public let bySeeds: PairedSummary
  /// Differences of being right, one per image, mean over the seeds: what other images would give these networks.
  public let byImages: PairedSummary
  /// McNemar's exact test of each seed's two networks.
  public let mcNemar: [SignificanceTest]
  /// The p-value over seeds (paired t test), corrected for all students; nil for one seed.
  public private(set) var seedsP: Double?
  /// The p-value over images (McNemar for one seed, sign flips of the means for several), corrected for all students.
  public private(set) var imagesP: Double

  /// 1 − the chance of calling any student of a run different that is not.
  public static let level = 0.05

  private init?(student: String, seeds: [Int], _ pairs: [(student: [Bool], baseline: [Bool])]) {
    guard let images = pairs.first?.student.count, images > 0 else { return nil }
    let perSeed = pairs.map { pair in
      Double(pair.student.count { $0 } - pair.baseline.count { $0 }) / Double(images)
    }
    let perImage = (0..<images).map { image in
      Double(pairs.reduce(0) { $0 + ($1.student[image] ? 1 : 0) - ($1.baseline[image] ? 1 : 0) }) / Double(pairs.count)
    }
    guard let bySeeds = PairedSummary(perSeed, over: "seeds", within: QuantityRange.correlation),
      let byImages = PairedSummary(perImage, over: "images", within: QuantityRange.correlation)
    else { return nil }
    self.student = student
    self.seeds = seeds
    self.bySeeds = bySeeds
    self.byImages = byImages
    mcNemar = pairs.map { pair in
      let different = zip(pair.student, pair.baseline)
      return mcNemarTest(onlyFirst: different.count { $0 && !$1 }, onlySecond: different.count { $1 && !$0 })
    }
    seedsP = bySeeds.tTest?.pValue
    imagesP = pairs.count == 1 ? mcNemar[0].pValue : byImages.permutation.pValue
  }

  /// Compares every student, with Holm's correction over the students.
  ///
  /// - Parameters:
  ///   - students: names, and for each seed which test images the network has right.
  ///   - baseline: the same of the baseline.
  /// - Returns: one per student that shares a seed with the baseline, in their order.
  public static func all(
    students: [(name: String, right: [Int: [Bool]])], baseline: [Int: [Bool]]
  ) -> [AccuracyComparison] {
    var comparisons = students.compactMap { student -> AccuracyComparison? in
      let seeds = student.right.keys.filter { baseline[$0] != nil }.sorted()
      return AccuracyComparison(
        student: student.name, seeds: seeds,
        seeds.compactMap { seed in
          student.right[seed].flatMap { own in baseline[seed].map { (student: own, baseline: $0) } }
        })
    }
    let images = holmAdjusted(comparisons.map(\.imagesP))
    let tested = comparisons.indices.filter { comparisons[$0].seedsP != nil }
    let bySeeds = holmAdjusted(tested.compactMap { comparisons[$0].seedsP })
    for i in comparisons.indices { comparisons[i].imagesP = images[i] }
    for (place, i) in tested.enumerated() { comparisons[i].seedsP = bySeeds[place] }
    return comparisons
  }

  /// The verdict over seeds: what distillation does to trainings, not to the networks that happen to be there.
  public var verdict: Verdict { verdict(seedsP ?? 1, bySeeds.difference.value) }

  /// The verdict over images alone: on these networks.
  public var verdictOnImages: Verdict { verdict(imagesP, byImages.difference.value) }

  private func verdict(_ p: Double, _ difference: Double) -> Verdict {
    guard p <= Self.level, difference != 0 else { return .noDifferenceShown }
    return difference > 0 ? .better : .worse
  }

  /// "better", or "no difference shown (about 9 seeds would be needed)".
  public var verdictText: String {
    guard verdict == .noDifferenceShown else { return verdict.rawValue }
    if seeds.count == 1 { return "\(verdict.rawValue) (one seed says nothing of others)" }
    guard let needed = bySeeds.pairsNeeded else {
      return "\(verdict.rawValue) (how many seeds would be needed cannot be said)"
    }
    // Found with 80 % chance, and this time it was not; or Holm's correction asks for more.
    return "\(verdict.rawValue) (about \(max(needed, seeds.count + 1)) seeds would be needed)"
  }
}
