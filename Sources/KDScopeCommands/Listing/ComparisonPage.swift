import Analysis
import Experiments
import Reporting
import Statistics

/// What `probe compare` shows of two checkpoints.
struct ComparisonPage {
  private let comparison: NetworkComparison
  private let maps: MapComparison?
  private let a: String
  private let b: String

  init(_ comparison: NetworkComparison, _ maps: MapComparison?, a: String, b: String) {
    self.comparison = comparison
    self.maps = maps
    self.a = a
    self.b = b
  }

  private var answers: AnswerComparison { comparison.answers }

  var text: String {
    var head = [["A", a], ["B", b], ["images", "\(answers.predictions.first.count)"]]
    if let judgement = answers.judgement {
      let difference = NumberFormat.estimate(judgement.difference, scale: 100)
      head += [
        ["accuracy of A, B", "\(percent(judgement.accuracies.first)), \(percent(judgement.accuracies.second))"],
        ["A − B", "\(difference) points (\(judgement.difference.method))"],
      ]
    }
    head.append(["agreement", percent(answers.agreement)])
    head += answers.divergences.map { one in
      let temperature = NumberFormat.significant(one.temperature, 1)
      return ["KL(B || A)", "\(NumberFormat.significant(one.value)) nats, temperature \(temperature)"]
    }
    if let judgement = answers.judgement { head += rows(judgement) }
    if let insides = comparison.insides {
      head.append([
        "borders",
        insides.boundaryAgreement.map {
          "\(percent($0)) the same class on \(Boundaries.steps) steps between \(Boundaries.pairCount) pairs of images"
        } ?? "one image has none",
      ])
    }
    return aligned(head) + (answers.judgement.map { "classes\n" + aligned(classRows($0), indent: "  ") } ?? "")
      + (comparison.insides.map { insides in
        "layers of A (rows) and of B: debiased linear CKA\n" + similarities(insides.similarities) + "weights\n"
          + weights(insides)
      } ?? "") + (maps.map { "entropy maps\n" + aligned(mapRows($0), indent: "  ") } ?? "")
  }

  private func mapRows(_ maps: MapComparison) -> [[String]] {
    func row(_ name: String, _ estimate: Estimate?, _ unit: String = "") -> [String] {
      [name, estimate.map { NumberFormat.estimate($0) + unit } ?? "–"]
    }
    let found = maps.similarity
    let gaps = [
      row("background − object of A", found.gaps.a, " nats"), row("background − object of B", found.gaps.b, " nats"),
      row("A − B", found.difference, " nats"),
    ]
    return [
      ["layers", maps.probe.answers.map(\.layer).joined(separator: ", ")],
      ["position taken out by", maps.position.rawValue], ["images", "\(maps.probe.probe.images.count)"],
    ] + (maps.probe.hasMasks ? gaps : []) + [row("rank correlation of A and B", found.correlation)]
  }

  private func rows(_ judgement: AnswerComparison.Judgement) -> [[String]] {
    let (p, errors) = (judgement.mcNemar.pValue, judgement.errors)
    return [
      ["only A, only B right", "\(judgement.right[1]), \(judgement.right[2])"],
      ["McNemar", "p = \(NumberFormat.significant(p, 3)): \(verdict(judgement))"],
      [
        "error consistency",
        errors.consistency.map { "κ = \(NumberFormat.fixed($0, 3)) (0: independent, 1: the same images)" }
          ?? "none: no image parts right from wrong",
      ],
      [
        "both wrong", "\(errors.bothWrong) images, \(percent(errors.alikeShare)) of them with the same answer",
      ],
    ]
  }

  private func verdict(_ judgement: AnswerComparison.Judgement) -> String {
    guard judgement.mcNemar.pValue <= AccuracyComparison.level else { return "no difference shown on these images" }
    return judgement.right[1] > judgement.right[2] ? "A is more accurate" : "B is more accurate"
  }

  private typealias ClassRow = (name: String, a: Double?, b: Double?, support: Int)

  private func scores(_ judgement: AnswerComparison.Judgement) -> [ClassRow] {
    let (first, second) = judgement.scores
    return answers.classes.indices.map {
      (answers.classes[$0], first[$0].recall, second[$0].recall, first[$0].support)
    }
  }

  private func classRows(_ judgement: AnswerComparison.Judgement) -> [[String]] {
    [["class", "images", "A", "B", "A − B"]]
      + scores(judgement).map { score in
        let difference = score.a.flatMap { a in score.b.map { NumberFormat.fixed(100 * (a - $0), 1) } }
        return [score.name, "\(score.support)", percent(score.a), percent(score.b), difference ?? "–"]
      }
  }

  private func similarities(_ table: SimilarityTable) -> String {
    let rows = zip(table.rows, table.entries).flatMap { row, entries in
      zip(table.columns, entries).map { column, entry in
        [row, column, entry.estimate?.similarityText ?? "no value: \(entry.problem ?? "")"]
      }
    }
    return aligned(rows, indent: "  ")
  }

  private func weights(_ insides: NetworkComparison.Insides) -> String {
    let rows = insides.distances.map { tensor in
      [
        tensor.name, tensor.relative.map { NumberFormat.significant($0, 4) } ?? "other shape",
        tensor.cosine.map { NumberFormat.fixed($0, 4) } ?? "–",
      ]
    }
    let names = insides.unmatched
    let rest = names.isEmpty ? "" : "  only in one of them: \(names.joined(separator: ", "))\n"
    return aligned([["name", "‖A − B‖ / ‖A‖", "cosine"]] + rows, indent: "  ") + rest
  }

  var document: DocumentNode {
    let judgement = answers.judgement
    let insides = comparison.insides
    func whole(_ value: Int?) -> DocumentNode { value.map { .whole($0) } ?? .null }
    func list<T>(_ values: [T]?, _ node: (T) -> DocumentNode) -> DocumentNode {
      values.map { .list($0.map(node)) } ?? .null
    }
    return .map([
      "a": .text(a), "b": .text(b), "images": .whole(answers.predictions.first.count),
      "agreement": .number(answers.agreement), "divergence": .optional(answers.divergences.first?.value),
      "kl": .list(
        answers.divergences.map { .map(["temperature": .number($0.temperature), "value": .number($0.value)]) }),
      "accuracy_a": .estimate(judgement?.accuracies.first), "accuracy_b": .estimate(judgement?.accuracies.second),
      "difference": .estimate(judgement?.difference), "only_a": whole(judgement?.right[1]),
      "only_b": whole(judgement?.right[2]), "mcnemar_p": .optional(judgement?.mcNemar.pValue),
      "error_consistency": .optional(judgement?.errors.consistency),
      "both_wrong_alike": .optional(judgement?.errors.alikeShare),
      "boundary_agreement": .optional(insides?.boundaryAgreement),
      "classes": list(judgement.map(scores)) { score in
        .map([
          "class": .text(score.name), "images": .whole(score.support), "a": .optional(score.a),
          "b": .optional(score.b),
        ])
      },
      "layers_a": list(insides?.similarities.rows) { .text($0) },
      "layers_b": list(insides?.similarities.columns) { .text($0) },
      "cka": list(insides?.similarities.entries) { row in
        .list(
          row.map { entry in entry.problem.map { .map(["problem": .text($0)]) } ?? .estimate(entry.estimate) })
      },
      "weights": list(insides?.distances) { tensor in
        .map([
          "name": .text(tensor.name), "relative": .optional(tensor.relative), "cosine": .optional(tensor.cosine),
        ])
      }, "unmatched": list(insides?.unmatched) { .text($0) }, "maps": maps.map(document) ?? .null,
    ])
  }

  private func document(_ maps: MapComparison) -> DocumentNode {
    let found = maps.similarity
    return .map([
      "position": .text(maps.position.rawValue), "layer_a": .text(maps.probe.answers[0].layer),
      "layer_b": .text(maps.probe.answers[1].layer), "images": .whole(maps.probe.probe.images.count),
      "gap_a": .estimate(found.gaps.a), "gap_b": .estimate(found.gaps.b),
      "gap_difference": .estimate(found.difference), "correlation": .estimate(found.correlation),
    ])
  }
}
