import Support

/// Pearson's product-moment correlation, from −1 to 1.
///
/// - Parameters:
///   - a: one value per observation.
///   - b: the other value of each observation, same count.
/// - Returns: nil for fewer than two observations or where one side is constant.
public func pearsonCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  precondition(a.count == b.count, "pearsonCorrelation: counts \(a.count) and \(b.count) differ")
  guard a.count > 1, let centreA = mean(of: a), let centreB = mean(of: b) else { return nil }
  // Equal values may differ from their own rounded mean by an ulp: constancy is asked of the values themselves.
  guard a.contains(where: { $0 != a[0] }), b.contains(where: { $0 != b[0] }) else { return nil }
  var products = 0.0
  var squaresA = 0.0
  var squaresB = 0.0
  for i in a.indices {
    let da = a[i] - centreA
    let db = b[i] - centreB
    products += da * db
    squaresA += da * da
    squaresB += db * db
  }
  let scale = squaresA.squareRoot() * squaresB.squareRoot()
  return scale > 0 ? max(-1, min(1, products / scale)) : nil
}

/// Spearman's rank correlation, from −1 to 1: Pearson's of the ranks, ties sharing their mean rank.
///
/// - Parameters:
///   - a: one value per observation.
///   - b: the other value of each observation, same count.
/// - Returns: nil for fewer than two observations or where one side is constant.
public func spearmanCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  precondition(a.count == b.count, "spearmanCorrelation: counts \(a.count) and \(b.count) differ")
  return pearsonCorrelation(ranks(of: a), ranks(of: b))
}

/// The place of each value among all, from 1, ties sharing their mean rank.
///
/// - Parameter values: without NaN.
/// - Returns: one rank per value, in the order of the values.
public func ranks(of values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for i in start..<end { ranks[order[i]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}
