import Checkpoints
import Experiments
import Foundation

/// What `diff` shows of two checkpoints.
struct DifferencePage {
  private let paths: [String]
  private let difference: CheckpointDifference
  private let tolerance: Double

  init(_ paths: [String], _ difference: CheckpointDifference, tolerance: Double) {
    self.paths = paths
    self.difference = difference
    self.tolerance = tolerance
  }

  /// Nothing where the checkpoints are the same.
  var text: String {
    if difference.isSame(tolerance: tolerance) { return "" }
    var text = "A  \(paths[0])\nB  \(paths[1])\n"
    if let prefix = difference.prefix {
      let file = prefix.isOfFirst ? "A" : "B"
      let count = difference.pairs.count { hasPrefix(prefix, $0) }
      let all = difference.pairs.count + (prefix.isOfFirst ? difference.missing : difference.extra).count
      text += count < all ? "\(count) of \(all) " : ""
      text += "names of \(file) begin with '\(prefix.text)', those of \(prefix.isOfFirst ? "B" : "A") do not\n"
    }
    text += lone("only in A", difference.missing) + lone("only in B", difference.extra)
    let renamed = difference.renamed.filter { pair in difference.prefix.map { !hasPrefix($0, pair) } ?? true }
    if !renamed.isEmpty {
      text += "renamed, by equal values\n" + aligned(renamed.map { [$0.name, $0.otherName] }, indent: "  ")
    }
    let different = difference.different(tolerance: tolerance)
    if !different.isEmpty {
      let head = ["tensor", "shape", "type", "distance", "cosine", "largest", "sign flips", "not finite"]
      text += "different\n" + aligned([head] + different.map(row), indent: "  ")
    }
    let all = difference.relativeDistance.map {
      "; all values: distance \(short($0)), cosine \(short(difference.cosine))"
    }
    return text + "\(different.count) of \(difference.pairs.count) tensors differ\(all ?? "")\n"
  }

  private func hasPrefix(_ prefix: CheckpointDifference.Prefix, _ pair: CheckpointDifference.Pair) -> Bool {
    pair.name == prefix.text + pair.otherName || pair.otherName == prefix.text + pair.name
  }

  private func lone(_ title: String, _ tensors: [CheckpointDifference.Lone]) -> String {
    tensors.isEmpty
      ? "" : title + "\n" + aligned(tensors.map { [$0.name, "\($0.shape)", $0.type.rawValue] }, indent: "  ")
  }

  private func row(_ pair: CheckpointDifference.Pair) -> [String] {
    func both<T: Equatable>(_ a: T, _ b: T) -> String { a == b ? "\(a)" : "\(a) / \(b)" }
    let start = [
      pair.name, both(pair.shape, pair.otherShape), both(pair.type.rawValue, pair.otherType.rawValue),
    ]
    guard let values = pair.values else { return start + ["-", "-", "-", "-", "-"] }
    return start + [
      short(values.relativeDistance), short(values.cosine), short(values.largest),
      "\(values.signFlips) of \(values.count)", both(values.nonFinite, values.otherNonFinite),
    ]
  }

  private func short(_ value: Double?) -> String { value.map { String(format: "%.4g", $0) } ?? "-" }

  var document: DocumentNode {
    .map([
      "a": .text(paths[0]), "b": .text(paths[1]), "same": .flag(difference.isSame(tolerance: tolerance)),
      "tolerance": .number(tolerance),
      "prefix": difference.prefix.map { prefix in
        .map(["text": .text(prefix.text), "of": .text(prefix.isOfFirst ? "a" : "b")])
      } ?? .null,
      "only_a": .list(difference.missing.map(document)), "only_b": .list(difference.extra.map(document)),
      "tensors": .list(difference.pairs.map(document)),
      "relative_distance": node(difference.relativeDistance), "cosine": node(difference.cosine),
    ])
  }

  private func document(_ tensor: CheckpointDifference.Lone) -> DocumentNode {
    .map(["name": .text(tensor.name), "type": .text(tensor.type.rawValue), "shape": shape(tensor.shape)])
  }

  private func document(_ pair: CheckpointDifference.Pair) -> DocumentNode {
    .map([
      "name": .text(pair.name), "name_b": .text(pair.otherName), "type": .text(pair.type.rawValue),
      "type_b": .text(pair.otherType.rawValue), "shape": shape(pair.shape), "shape_b": shape(pair.otherShape),
      "same": .flag(pair.isSame(tolerance: tolerance)), "relative_distance": node(pair.values?.relativeDistance),
      "cosine": node(pair.values?.cosine), "largest": node(pair.values?.largest),
      "sign_flips": node(pair.values.map { Double($0.signFlips) }),
      "not_finite": node(pair.values.map { Double($0.nonFinite) }),
      "not_finite_b": node(pair.values.map { Double($0.otherNonFinite) }),
    ])
  }

  private func shape(_ shape: [Int]) -> DocumentNode { .list(shape.map { .number(Double($0)) }) }

  private func node(_ value: Double?) -> DocumentNode { value.map { .number($0) } ?? .null }
}
