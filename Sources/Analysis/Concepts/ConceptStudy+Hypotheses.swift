import Statistics

extension ConceptStudy {
  /// The verdicts on H1, H2 and H3.
  ///
  /// - Parameters:
  ///   - student: role of the distilled network.
  ///   - baseline: role of the same network trained without a teacher.
  /// - Returns: one result per hypothesis, in order.
  public func hypotheses(student: String, baseline: String) -> [HypothesisResult] {
    let pairs = pairs(student: student, baseline: baseline)
    let premise = premise(inBothOf: pairs)
    return Hypothesis.allCases.map { hypothesis in
      let comparisons = hypothesis.quantities(procedure).flatMap { quantity, expected in
        thresholds.map { comparison(of: quantity, pairs, threshold: $0, expected: expected) }
      }
      return judged(hypothesis, student, baseline, comparisons, premise, seeds: pairs.count)
    }
  }

  /// The paired difference of one quantity.
  ///
  /// - Parameters:
  ///   - quantity: which.
  ///   - student: role of the distilled network.
  ///   - baseline: role of the network it is compared with.
  ///   - threshold: b, nats.
  ///   - expected: the side on which the student is claimed to be.
  /// - Returns: student − baseline, with what was left out and what the interval says.
  public func comparison(
    of quantity: ConceptQuantity, student: String, baseline: String, threshold: Double, expected: Hypothesis.Direction
  ) -> ConceptComparison {
    comparison(
      of: quantity, pairs(student: student, baseline: baseline), threshold: threshold, expected: expected)
  }

  /// The runs of the two roles that share a seed, in the order of the student's.
  private func pairs(student: String, baseline: String) -> [(EntropySeries, EntropySeries)] {
    let others = series(of: baseline)
    return series(of: student).compactMap { run in
      others.first { $0.seed == run.seed }.map { (run, $0) }
    }
  }

  private func comparison(
    of quantity: ConceptQuantity, _ pairs: [(EntropySeries, EntropySeries)], threshold: Double,
    expected: Hypothesis.Direction
  ) -> ConceptComparison {
    var leftOut: Omissions = [:]
    var students: [[Double]] = []
    var baselines: [[Double]] = []
    for (student, baseline) in pairs {
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
      images: students.reduce(0) { $0 + $1.count }, leftOut: leftOut,
      verdict: Verdict(difference: difference, expected: expected, seeds: students.count))
  }

  private func value(of quantity: ConceptQuantity, _ groups: [[Double]]) -> Double? {
    mean(of: groups.map { quantity.statistic(of: $0, Array($0.indices)) })
  }

  private func judged(
    _ hypothesis: Hypothesis, _ student: String, _ baseline: String, _ comparisons: [ConceptComparison],
    _ premise: Premise, seeds: Int
  ) -> HypothesisResult {
    var comparisons = comparisons
    let parts = comparisons.map(\.verdict)
    var verdict = Verdict(combining: parts)
    var reason = Verdict.allCases.compactMap { part in
      let count = parts.count { $0 == part }
      return count > 0 ? "\(part.rawValue) in \(count)" : nil
    }.joined(separator: ", ")
    reason += " of \(parts.count) comparisons"
    if hypothesis == .moreConcepts, premise.isMet == false {
      verdict = .premiseNotMet
      for i in comparisons.indices { comparisons[i].verdict = .premiseNotMet }
      reason = "H̄_bg > H̄_fg holds in only \(premise.holding) of \(premise.images) images"
    } else if seeds < Hypothesis.fewestSeeds {
      reason = "\(seeds) of at least \(Hypothesis.fewestSeeds) seeds"
    }
    return HypothesisResult(
      hypothesis: hypothesis, student: student, baseline: baseline, comparisons: comparisons, premise: premise,
      seeds: seeds, verdict: verdict, reason: reason)
  }
}
