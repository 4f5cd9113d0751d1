import Statistics

/// One quantity at one threshold: student − baseline, paired by image and seed.
public struct ConceptComparison: Sendable, Equatable, Codable {
  /// Which quantity.
  public let quantity: ConceptQuantity
  /// b, nats.
  public let threshold: Double
  /// The side on which the student is claimed to be.
  public let expected: ClaimedSide
  /// The student's value over the paired images; nil without any.
  public let student: Double?
  /// The baseline's value over the paired images; nil without any.
  public let baseline: Double?
  /// The difference with its two-level bootstrap interval, which is too narrow where seeds are few; nil without paired
  /// images.
  public let difference: Estimate?
  /// The same difference with Student's t interval over the seeds' own differences.
  public let differenceOverSeeds: Estimate?
  /// Seeds that have paired images.
  public let seeds: Int
  /// Paired images, summed over seeds.
  public let images: Int
  /// Images left out because one of the two networks has no value, summed over seeds.
  public let leftOut: Omissions

  /// 1 where the difference lies on the claimed side, −1 on the other, 0 where it is nought.
  public var agreement: Int {
    guard let value = difference?.value, value != 0 else { return 0 }
    return (value > 0) == (expected == .larger) ? 1 : -1
  }
}

extension ConceptStudy {
  /// The paired difference of one quantity.
  ///
  /// - Parameters:
  ///   - quantity: which.
  ///   - student: role of the distilled network.
  ///   - baseline: role of the network it is compared with.
  ///   - threshold: b, nats.
  ///   - expected: the side on which the student is claimed to be.
  /// - Returns: student − baseline, with what was left out.
  public func comparison(
    of quantity: ConceptQuantity, student: String, baseline: String, threshold: Double, expected: ClaimedSide
  ) -> ConceptComparison {
    var leftOut: Omissions = [:]
    var students: [[Double]] = []
    var baselines: [[Double]] = []
    for (student, baseline) in pairs(student: student, baseline: baseline) {
      guard
        let ours = observations(of: quantity, in: student, threshold: threshold),
        let theirs = observations(of: quantity, in: baseline, threshold: threshold)
      else { continue }
      let paired = zip(ours, theirs).map { a, b in a.flatMap { a in b.map { (a, $0) } } }
      var values: (student: [Double], baseline: [Double]) = ([], [])
      for image in paired {
        switch image {
        case .failure(let reason): leftOut.count(reason)
        case .success(let (a, b)):
          values.student.append(a)
          values.baseline.append(b)
        }
      }
      guard values.student.count >= quantity.fewestImages else {
        if !values.student.isEmpty { leftOut.count(.onlyImage) }
        continue
      }
      students.append(values.student)
      baselines.append(values.baseline)
    }
    let own = students.indices.map { seed in
      let units = Array(students[seed].indices)
      return quantity.statistic(of: students[seed], units) - quantity.statistic(of: baselines[seed], units)
    }
    let difference = bootstrap.twoLevelEstimate(counts: students.map(\.count)) { group, units in
      quantity.statistic(of: students[group], units) - quantity.statistic(of: baselines[group], units)
    }
    return ConceptComparison(
      quantity: quantity, threshold: threshold, expected: expected, student: value(of: quantity, students),
      baseline: value(of: quantity, baselines), difference: difference,
      differenceOverSeeds: studentInterval(of: own, over: "seeds"), seeds: students.count,
      images: students.reduce(0) { $0 + $1.count }, leftOut: leftOut)
  }

  /// The runs of the two roles that share a seed, in the order of the student's.
  func pairs(student: String, baseline: String) -> [(EntropySeries, EntropySeries)] {
    let others = series(of: baseline)
    return series(of: student).compactMap { run in
      others.first { $0.seed == run.seed }.map { (run, $0) }
    }
  }

  private func value(of quantity: ConceptQuantity, _ groups: [[Double]]) -> Double? {
    mean(of: groups.map { quantity.statistic(of: $0, Array($0.indices)) })
  }
}
