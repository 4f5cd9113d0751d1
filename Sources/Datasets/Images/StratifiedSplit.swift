import Support
import Tensors

/// Takes disjoint samples whose class proportions are those of the whole.
///
/// - Parameters:
///   - labels: class of each image.
///   - sizes: images per sample; nil takes all that the samples before it left.
///   - seed: of the run; the choice within a class is random.
/// - Returns: indices in ascending order, one list per size. A sample differs from exact proportion by less than one
///   image per class.
package func stratifiedSamples(of labels: [Int32], sizes: [Int?], seed: UInt64) -> [[Int]] {
  var queues: [[Int]] = Array(repeating: [], count: Int(labels.max() ?? -1) + 1)
  for (index, label) in labels.enumerated() { queues[Int(label)].append(index) }
  for label in queues.indices {
    var random = RandomGenerator(Philox(seed: seed).split(.split, label))
    queues[label].shuffle(with: &random)
  }
  return sizes.map { size in
    let left = queues.map(\.count)
    let wanted = size ?? left.reduce(0, +)
    precondition(wanted <= left.reduce(0, +), "stratifiedSamples: \(wanted) of \(left.reduce(0, +)) images")
    var sample: [Int] = []
    for (label, quota) in quotas(of: wanted, over: left).enumerated() {
      sample += queues[label].suffix(quota)
      queues[label].removeLast(quota)
    }
    return sample.sorted()
  }
}

/// Whole shares of `total` in proportion to `weights`, by largest remainder; a tie goes to the smaller index.
private func quotas(of total: Int, over weights: [Int]) -> [Int] {
  let sum = weights.reduce(0, +)
  guard sum > 0 else { return weights.map { _ in 0 } }
  var shares = weights.map { total * $0 / sum }
  let remainders = weights.map { total * $0 % sum }
  let order = weights.indices.sorted { (remainders[$0], $1) > (remainders[$1], $0) }
  for index in order.prefix(total - shares.reduce(0, +)) { shares[index] += 1 }
  return shares
}

extension Array {
  /// Fisher–Yates: every order is equally likely.
  package mutating func shuffle(with random: inout RandomGenerator) {
    guard count > 1 else { return }
    for last in stride(from: count - 1, to: 0, by: -1) { swapAt(last, random.index(below: last + 1)) }
  }
}
