import Experiments
import Support

/// What `probe summary` shows of one checkpoint.
struct SummaryPage {
  private let summary: CheckpointSummary

  init(_ summary: CheckpointSummary) { self.summary = summary }

  var text: String {
    let network = summary.network
    let specification = network.specification
    var head = [
      ["model", "\(specification.name), \(specification.classes) classes"],
      ["input", "\(specification.height)x\(specification.width) pixels, \(specification.channels) colours"],
      ["parameters", "\(summary.parameters)"], ["multiplications", "\(network.multiplications) for one image"],
    ]
    if let facts = summary.facts {
      head.append(["role", "\(facts.role), epoch \(facts.epoch), trained on \(facts.data)"])
      if let accuracy = facts.developmentAccuracy { head.append(["development", "\(short(100 * accuracy)) % right"]) }
    }
    let layers = network.layers.map { layer in
      [layer.name, layer.kind, layer.output.description, "\(layer.parameters)", "\(layer.multiplications)"]
    }
    let points = network.probePoints.map { point in
      [point.name, point.output.description, point.isRecommended ? "recommended for measurements" : ""]
    }
    let weights = summary.weights.map { tensor in
      [tensor.name, "\(tensor.shape)", short(tensor.mean), short(tensor.deviation), short(tensor.largest)]
    }
    return summary.path + "\n" + aligned(head, indent: "  ")
      + "layers\n" + aligned([["name", "kind", "output", "parameters", "multiplications"]] + layers, indent: "  ")
      + "layers that recipes can name\n" + aligned(points, indent: "  ")
      + "weights\n" + aligned([["name", "shape", "mean", "deviation", "largest"]] + weights, indent: "  ")
  }

  var document: DocumentNode {
    let network = summary.network
    let specification = network.specification
    return .map([
      "checkpoint": .text(summary.path), "model": .text(specification.name), "classes": number(specification.classes),
      "input": .list([specification.height, specification.width, specification.channels].map(number)),
      "parameters": number(summary.parameters), "multiplications": number(network.multiplications), "facts": facts,
      "layers": .list(
        network.layers.map { layer in
          .map([
            "name": .text(layer.name), "kind": .text(layer.kind), "output": .list(layer.output.dimensions.map(number)),
            "parameters": number(layer.parameters), "multiplications": number(layer.multiplications),
          ])
        }),
      "probe_points": .list(
        network.probePoints.map { point in
          .map([
            "name": .text(point.name), "output": .list(point.output.dimensions.map(number)),
            "recommended": .flag(point.isRecommended),
          ])
        }),
      "weights": .list(
        summary.weights.map { tensor in
          .map([
            "name": .text(tensor.name), "shape": .list(tensor.shape.map(number)), "mean": .number(tensor.mean),
            "deviation": .number(tensor.deviation), "largest": .number(tensor.largest), "zeros": .number(tensor.zeros),
          ])
        }),
    ])
  }

  private var facts: DocumentNode {
    guard let facts = summary.facts else { return .null }
    return .map([
      "role": .text(facts.role), "epoch": number(facts.epoch), "data": .text(facts.data),
      "development_accuracy": facts.developmentAccuracy.map { .number($0) } ?? .null,
    ])
  }

  private func number(_ value: Int) -> DocumentNode { .number(Double(value)) }

  /// Four significant digits.
  private func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1_000 { scale *= 10 }
    return String((value * scale).rounded() / scale)
  }
}
