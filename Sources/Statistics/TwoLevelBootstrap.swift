extension Bootstrap {
  /// The two-level bootstrap: groups (training seeds) are drawn with replacement, then units (images) within each drawn
  /// group; the statistic is recomputed in each resample and averaged over the drawn groups.
  ///
  /// The percentile interval is too narrow where groups are few and differ: measured for a mean over 30 images a group,
  /// a 95 % interval covers the truth in 97 % of studies with 3 groups that do not differ, in 81 % where their means
  /// spread half as much as images do, in 74 % where twice as much; with 20 groups in 95 %. One group leaves its units alone to be drawn, and the method says so.
  ///
  /// - Parameters:
  ///   - counts: number of units in each group; groups of 0 are skipped.
  ///   - groupName: what one group is ("seeds").
  ///   - unitName: what one unit is ("images").
  ///   - statistic: given a group and the indices of the units drawn from it, as many as the group has, with repeats.
  /// - Returns: the mean over groups of the statistic; its count is the number of units in all groups; nil without any.
  public func twoLevelEstimate(
    counts: [Int], groups groupName: String = "seeds", units unitName: String = "images",
    statistic: (_ group: Int, _ units: [Int]) -> Double
  ) -> Estimate? {
    let groups = counts.indices.filter { counts[$0] > 0 }
    guard !groups.isEmpty else { return nil }
    var value = 0.0
    for group in groups { value += statistic(group, Array(0..<counts[group])) }
    value /= Double(groups.count)
    let total = groups.reduce(0) { $0 + counts[$1] }
    guard total > 1 else { return Estimate(value, count: 1, method: "one of \(unitName), no interval") }

    var random = SplitMix64(seed: seed)
    // One buffer per group, so that no resample allocates.
    var drawn = groups.map { [Int](repeating: 0, count: counts[$0]) }
    var replicates: [Double] = []
    replicates.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = 0.0
      for _ in groups {
        let choice = random.index(below: groups.count)
        let count = drawn[choice].count
        for i in 0..<count { drawn[choice][i] = random.index(below: count) }
        sum += statistic(groups[choice], drawn[choice])
      }
      replicates.append(sum / Double(groups.count))
    }
    let scope =
      groups.count == 1
      ? "percentile bootstrap over \(total) \(unitName), one of \(groupName)"
      : "two-level bootstrap over \(groups.count) \(groupName) and \(total) \(unitName)"
    return interval(around: value, replicates, count: total, method: scope)
  }
}
