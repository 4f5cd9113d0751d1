import Checkpoints
import Experiments
import Models
import Support

extension SummaryPage {
  var document: DocumentNode {
    let specification = summary.network?.specification
    let options = (specification?.options ?? [:]).sorted { $0.key < $1.key }
    let input = specification.map { numbers([$0.height, $0.width, $0.channels]) }
    let renamed = summary.renamed.map { DocumentNode.Member(key: $0.file, value: .text($0.network)) }
    let members: [(String, DocumentNode)] = [
      ("checkpoint", .text(summary.path)),
      ("format", .text(summary.format.rawValue)),
      ("key", text(summary.key)),
      ("others", .list(summary.others.map { .text($0) })),
      ("prefix", .text(summary.prefix)),
      ("model", text(specification?.name)),
      ("options", .map(options.map { DocumentNode.Member(key: $0.key, value: DocumentNode($0.value)) })),
      ("classes", specification.map { number($0.classes) } ?? .null),
      ("input", input ?? .null),
      ("parameters", number(summary.parameters)),
      ("multiplications", summary.network.map { number($0.multiplications) } ?? .null),
      ("facts", facts),
      ("renamed", .map(renamed)),
      ("candidates", .list(summary.candidates.map(candidate))),
      ("skipped", .list(summary.skipped.map { .map(["path": .text($0.path), "what": .text($0.what)]) })),
      ("layers", .list((summary.network?.layers ?? []).map(layer))),
      ("probe_points", .list((summary.network?.probePoints ?? []).map(point))),
      ("weights", .list(summary.weights.map(weights))),
    ]
    return .map(members.map { DocumentNode.Member(key: $0.0, value: $0.1) })
  }

  private func candidate(_ candidate: Recognition.Candidate) -> DocumentNode {
    .map([
      "model": .text(candidate.model), "missing": number(candidate.missing), "extra": number(candidate.extra),
      "misshapen": number(candidate.misshapen),
    ])
  }

  private func layer(_ layer: LayerDescription) -> DocumentNode {
    .map([
      "name": .text(layer.name), "kind": .text(layer.kind), "output": numbers(layer.output.dimensions),
      "parameters": number(layer.parameters), "multiplications": number(layer.multiplications),
      "receptive_field": numbers([layer.receptiveField.height, layer.receptiveField.width]),
      "activation_bytes": number(4 * layer.output.count),
    ])
  }

  private func point(_ point: ProbePoint) -> DocumentNode {
    .map([
      "name": .text(point.name), "output": numbers(point.output.dimensions), "recommended": .flag(point.isRecommended),
    ])
  }

  private func weights(_ tensor: CheckpointSummary.Weights) -> DocumentNode {
    var members: [(String, DocumentNode)] = [
      ("name", .text(tensor.name)), ("dtype", .text(tensor.type.rawValue)), ("shape", numbers(tensor.shape)),
      ("shared", text(tensor.shared)),
    ]
    if summary.hasValues {
      let values = tensor.statistics
      let figures: [(String, Double?)] = [
        ("mean", values?.mean), ("deviation", values?.deviation), ("largest", values?.largest), ("zeros", tensor.zeros),
        ("nan", values.map { Double($0.notNumbers) }), ("infinite", values.map { Double($0.infinite) }),
        ("dead", values.map { Double($0.dead) }),
      ]
      members += figures.map { name, value in (name, value.map { DocumentNode.number($0) } ?? .null) }
    }
    return .map(members.map { DocumentNode.Member(key: $0.0, value: $0.1) })
  }

  private var facts: DocumentNode {
    guard let facts = summary.facts else { return .null }
    return .map([
      "role": .text(facts.role), "epoch": .number(facts.epoch.epochs), "data": .text(facts.data),
      "development_accuracy": facts.developmentAccuracy.map { .number($0) } ?? .null,
    ])
  }

  private func text(_ text: String?) -> DocumentNode { text.map { .text($0) } ?? .null }
  private func numbers(_ values: [Int]) -> DocumentNode { .list(values.map(number)) }
  private func number(_ value: Int) -> DocumentNode { .number(Double(value)) }
}
