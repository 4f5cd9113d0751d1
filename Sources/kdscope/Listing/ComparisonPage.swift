import Analysis
import Experiments
import Reporting
import Statistics

/// What `probe compare` shows of two checkpoints.
struct ComparisonPage {
  private let comparison: NetworkComparison
  private let a: String
  private let b: String

  init(_ comparison: NetworkComparison, a: String, b: String) {
    self.comparison = comparison
    self.a = a
    self.b = b
  }

  private var accuracies: [Estimate] {
    [comparison.predictions.0, comparison.predictions.1].compactMap { wilsonInterval($0.right, of: $0.count) }
  }

  var text: String {
    let fidelity = comparison.fidelity
    let p = comparison.mcNemar.pValue
    let difference = NumberFormat.estimate(comparison.difference, scale: 100)
    let head = [
      ["A", a], ["B", b], ["images", "\(comparison.predictions.0.count)"],
      ["accuracy of A, B", accuracies.map(percent).joined(separator: ", ")],
      ["A − B", "\(difference) points (\(comparison.difference.method))"],
      ["agreement", percent(fidelity.agreement)],
      ["KL(B || A)", "\(NumberFormat.significant(fidelity.divergence)) nats, temperature 1"],
      ["only A, only B right", "\(fidelity.onlyNetwork), \(fidelity.onlyReference)"],
      ["McNemar", "p = \(NumberFormat.significant(p, 3)): \(verdict(p))"],
    ]
    return aligned(head) + "classes\n" + aligned(classRows, indent: "  ")
      + "layers of A (rows) and of B: debiased linear CKA\n" + similarities + "weights\n" + weights
  }

  private func verdict(_ p: Double) -> String {
    guard p <= AccuracyComparison.level else { return "no difference shown on these images" }
    return comparison.fidelity.onlyNetwork > comparison.fidelity.onlyReference
      ? "A is more accurate" : "B is more accurate"
  }

  private var scores: [(name: String, a: Double?, b: Double?, support: Int)] {
    let first = ConfusionMatrix(comparison.predictions.0).scores
    let second = ConfusionMatrix(comparison.predictions.1).scores
    return comparison.classes.indices.map {
      (comparison.classes[$0], first[$0].recall, second[$0].recall, first[$0].support)
    }
  }

  private var classRows: [[String]] {
    [["class", "images", "A", "B", "A − B"]]
      + scores.map { score in
        let difference = score.a.flatMap { a in score.b.map { NumberFormat.fixed(100 * (a - $0), 1) } }
        return [score.name, "\(score.support)", percent(score.a), percent(score.b), difference ?? "–"]
      }
  }

  private var similarities: String {
    let table = comparison.similarities
    let rows = zip(table.rows, table.entries).flatMap { row, entries in
      zip(table.columns, entries).map { column, entry in
        [row, column, entry.estimate?.similarityText ?? "no value: \(entry.problem ?? "")"]
      }
    }
    return aligned(rows, indent: "  ")
  }

  private var weights: String {
    let rows = comparison.distances.map { tensor in
      [
        tensor.name, tensor.relative.map { NumberFormat.significant($0, 4) } ?? "other shape",
        tensor.cosine.map { NumberFormat.fixed($0, 4) } ?? "–",
      ]
    }
    let names = comparison.unmatched
    let rest = names.isEmpty ? "" : "  only in one of them: \(names.joined(separator: ", "))\n"
    return aligned([["name", "‖A − B‖ / ‖A‖", "cosine"]] + rows, indent: "  ") + rest
  }

  var document: DocumentNode {
    let fidelity = comparison.fidelity
    let table = comparison.similarities
    return .map([
      "a": .text(a), "b": .text(b), "images": .whole(comparison.predictions.0.count),
      "agreement": .number(fidelity.agreement), "divergence": .number(fidelity.divergence),
      "accuracy_a": .estimate(accuracies.first), "accuracy_b": .estimate(accuracies.last),
      "difference": .estimate(comparison.difference), "only_a": .whole(fidelity.onlyNetwork),
      "only_b": .whole(fidelity.onlyReference), "mcnemar_p": .number(comparison.mcNemar.pValue),
      "classes": .list(
        scores.map { score in
          .map([
            "class": .text(score.name), "images": .whole(score.support), "a": .optional(score.a),
            "b": .optional(score.b),
          ])
        }),
      "layers_a": .list(table.rows.map { .text($0) }), "layers_b": .list(table.columns.map { .text($0) }),
      "cka": .list(
        table.entries.map { row in
          .list(
            row.map { entry in
              entry.problem.map { .map(["problem": .text($0)]) } ?? .estimate(entry.estimate)
            })
        }),
      "weights": .list(
        comparison.distances.map { tensor in
          .map([
            "name": .text(tensor.name), "relative": .optional(tensor.relative), "cosine": .optional(tensor.cosine),
          ])
        }), "unmatched": .list(comparison.unmatched.map { .text($0) }),
    ])
  }
}
