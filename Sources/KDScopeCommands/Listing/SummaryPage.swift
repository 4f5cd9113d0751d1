import Checkpoints
import Experiments
import Support

/// What `probe summary` shows of one checkpoint.
struct SummaryPage {
  let summary: CheckpointSummary

  init(_ summary: CheckpointSummary) { self.summary = summary }

  var text: String {
    summary.path + "\n" + aligned(head, indent: "  ") + tree + points
  }

  private var head: [[String]] {
    var head: [[String]] = []
    if let network = summary.network {
      let specification = network.specification
      let options = specification.options.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value)" }.joined()
      head = [
        ["model", "\(specification.name), \(specification.classes) classes\(summary.facts == nil ? options : "")"],
        ["input", "\(specification.height)x\(specification.width) pixels, \(specification.channels) colours"],
        ["parameters", "\(summary.parameters)"], ["multiplications", "\(network.multiplications) for one image"],
      ]
    } else {
      let nearest = summary.candidates.map { candidate in
        "\(candidate.model) (missing \(candidate.missing), extra \(candidate.extra), misshapen \(candidate.misshapen))"
      }
      head = [["model", "none of the catalogue"], ["values", "\(summary.parameters)"]]
      for part in summary.parts { head.append(["part", "\(part.key) is \(part.model): --key \(part.key)"]) }
      if !nearest.isEmpty, summary.parts.isEmpty { head.append(["nearest", nearest.joined(separator: ", ")]) }
    }
    head.append(["format", summary.format.rawValue + (summary.key.map { ", weights in \($0)" } ?? "")])
    if !summary.prefix.isEmpty { head.append(["prefix", summary.prefix]) }
    for renaming in summary.renamed.prefix(4) { head.append(["renamed", "\(renaming.file) is \(renaming.network)"]) }
    if summary.renamed.count > 4 { head.append(["", "and \(summary.renamed.count - 4) more"]) }
    for part in summary.skipped.prefix(4) { head.append(["skipped", "\(part.path), \(part.what)"]) }
    if summary.skipped.count > 4 { head.append(["", "and \(summary.skipped.count - 4) more"]) }
    if let facts = summary.facts {
      head.append(["role", "\(facts.role), epoch \(facts.epoch), trained on \(facts.data)"])
      if let accuracy = facts.developmentAccuracy { head.append(["development", "\(short(100 * accuracy)) % right"]) }
    }
    return head
  }

  /// Layers and their tensors below the parts that they belong to.
  private var tree: String {
    var rows = [["", "kind or type", "output or shape", "parameters", "multiplications", "receptive field"]]
    if summary.hasValues { rows[0] += ["mean", "deviation", "largest", ""] }
    let layers = Dictionary((summary.network?.layers ?? []).map { ($0.name, $0) }) { first, _ in first }
    var open: [String] = []
    for tensor in summary.weights {
      let parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let folders = Array(parts.dropLast())
      var depth = zip(open, folders).prefix { $0 == $1 }.count
      open = Array(open.prefix(depth))
      while depth < folders.count {
        open.append(folders[depth])
        let name = String(repeating: "  ", count: depth) + folders[depth]
        let layer = layers[open.joined(separator: ".")]
        rows.append(
          layer.map {
            [
              name, $0.kind, $0.output.description, "\($0.parameters)", "\($0.multiplications)",
              "\($0.receptiveField.height)x\($0.receptiveField.width)",
            ]
          } ?? [name])
        depth += 1
      }
      rows.append([String(repeating: "  ", count: depth) + (parts.last ?? "")] + cells(tensor))
    }
    return aligned(rows, indent: "  ")
  }

  private func cells(_ tensor: CheckpointSummary.Weights) -> [String] {
    var cells = [tensor.type.rawValue, "\(tensor.shape)", "", "", ""]
    guard summary.hasValues else { return cells + [tensor.shared.map { "same values as \($0)" } ?? ""] }
    guard let values = tensor.statistics else { return cells }
    var remarks: [String] = []
    if values.notNumbers > 0 { remarks.append("\(values.notNumbers) not numbers") }
    if values.infinite > 0 { remarks.append("\(values.infinite) infinite") }
    if values.dead > 0 { remarks.append("\(values.dead) dead outputs") }
    if let shared = tensor.shared { remarks.append("same values as \(shared)") }
    cells += [short(values.mean), short(values.deviation), short(values.largest), remarks.joined(separator: ", ")]
    return cells
  }

  private var points: String {
    guard let network = summary.network else { return "" }
    let points = network.probePoints.map { point in
      [point.name, point.output.description, point.isRecommended ? "recommended for measurements" : ""]
    }
    return "layers that recipes can name\n" + aligned(points, indent: "  ")
  }

  /// Four significant digits.
  private func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1_000 { scale *= 10 }
    return String((value * scale).rounded() / scale)
  }
}
