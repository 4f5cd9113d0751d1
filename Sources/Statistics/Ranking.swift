import Support

/// Average precision of a score: the area under the precision–recall curve as a step function, Σ (R_k − R_{k−1}) P_k
/// over the distinct scores in falling order (Manning, Raghavan and Schütze, 2008, section 8.4; as scikit-learn has it).
///
/// - Parameters:
///   - scores: one per case, higher for what should be positive; without NaN.
///   - positives: which cases are positive, same count.
/// - Returns: from 0 to 1; nil without a positive case. Cases of equal score count together.
public func averagePrecision(of scores: [Double], positives: [Bool]) -> Double? {
  precondition(
    scores.count == positives.count, "averagePrecision: \(scores.count) scores for \(positives.count) cases")
  let all = positives.count { $0 }
  guard all > 0 else { return nil }
  let order = scores.indices.sorted { scores[$0] > scores[$1] }
  var (found, sum, start) = (0, 0.0, 0)
  while start < order.count {
    var end = start
    let before = found
    while end < order.count, scores[order[end]] == scores[order[start]] {
      if positives[order[end]] { found += 1 }
      end += 1
    }
    sum += Double(found - before) / Double(all) * Double(found) / Double(end)
    start = end
  }
  return sum
}

/// The mean of ``averagePrecision(of:positives:)`` over all orders of the cases: what a score that knows nothing has.
///
/// (1/n) (H_n + (p − 1)/(n − 1) · (n − H_n)) with the harmonic number H_n; it lies above the share p/n, the more so the
/// fewer positives there are (Bestgen, 2015).
///
/// - Parameters:
///   - positives: p, number of positive cases.
///   - count: n, number of cases, at least p.
/// - Returns: nil without a positive case.
public func chanceAveragePrecision(positives: Int, of count: Int) -> Double? {
  precondition(0...count ~= positives, "chanceAveragePrecision: \(positives) positives among \(count)")
  guard positives > 0 else { return nil }
  guard count > 1 else { return 1 }
  let harmonic = (1...count).reduce(0.0) { $0 + 1 / Double($1) }
  let pairs = Double(positives - 1) / Double(count - 1)
  return (harmonic + pairs * (Double(count) - harmonic)) / Double(count)
}

/// Area under the receiver operating characteristic: the probability that a positive case has the higher score, ties
/// counting half (Hanley and McNeil, 1982).
///
/// - Parameters:
///   - scores: one per case, higher for what should be positive; without NaN.
///   - positives: which cases are positive, same count.
/// - Returns: from 0 to 1, 0.5 for a score that knows nothing; nil where one kind of case is missing.
public func areaUnderCharacteristic(of scores: [Double], positives: [Bool]) -> Double? {
  precondition(
    scores.count == positives.count, "areaUnderCharacteristic: \(scores.count) scores for \(positives.count) cases")
  let count = Double(positives.count { $0 })
  let others = Double(positives.count) - count
  guard count > 0, others > 0 else { return nil }
  let sum = zip(ranks(of: scores), positives).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
  return (sum - count * (count + 1) / 2) / (count * others)
}
