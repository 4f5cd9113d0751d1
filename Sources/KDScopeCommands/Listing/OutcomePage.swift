import Experiments
import Reporting
import Statistics

/// How a run ends: a few lines of results, then the path of the report.
struct OutcomePage {
  private let outcome: RunOutcome
  private let folders: ExperimentFolders
  private let forms: ReportForms

  init(_ outcome: RunOutcome, _ folders: ExperimentFolders, _ forms: ReportForms = ReportForms()) {
    self.outcome = outcome
    self.forms = forms
    self.folders = folders
  }

  /// One line for each network, for each student's verdicts at a layer and for each training that diverged; the last line
  /// is the report's path.
  var text: String {
    aligned(outcome.networks.map(row)) + aligned(conceptRows) + outcome.leftOut.map { $0.line + "\n" }.joined()
      + outcome.report.path + "\n"
  }

  private func row(_ network: RunOutcome.Network) -> [String] {
    let runs = network.accuracy.count == 1 ? "one run" : "\(network.accuracy.count) seeds"
    var row = [network.title, "test accuracy \(NumberFormat.percent(network.accuracy)) (\(runs))"]
    if let difference = network.difference, let verdict = network.verdict, let reference = network.reference {
      let sign = difference.value >= 0 ? "+" : ""
      row.append("\(sign)\(NumberFormat.estimate(difference, scale: 100)) points against \(reference): \(verdict)")
    }
    return row
  }

  private var conceptRows: [[String]] {
    var places: [(layer: String, student: String)] = []
    for result in outcome.concepts
    where !places.contains(where: { $0.layer == result.layer && $0.student == result.student }) {
      places.append((result.layer, result.student))
    }
    return places.map { place in
      let verdicts = outcome.concepts.filter { $0.layer == place.layer && $0.student == place.student }
      return [
        "\(place.student) at \(place.layer)",
        verdicts.map { "\($0.hypothesis) \($0.verdict)" }.joined(separator: ", "),
      ]
    }
  }

  var document: DocumentNode {
    guard case .map(let members) = folders.document(report: outcome.report, forms: forms) else { return .null }
    return .map(members + [.init(key: "results", value: results)])
  }

  private var results: DocumentNode {
    func node(_ value: Double?) -> DocumentNode { value.map { .number($0) } ?? .null }
    return .map([
      "networks": .list(
        outcome.networks.map { network in
          .map([
            "role": .text(network.role), "seeds": .number(Double(network.accuracy.count)),
            "test_accuracy": .number(network.accuracy.value), "lower": node(network.accuracy.lower),
            "upper": node(network.accuracy.upper), "reference": network.reference.map { .text($0) } ?? .null,
            "difference": node(network.difference?.value), "difference_lower": node(network.difference?.lower),
            "difference_upper": node(network.difference?.upper), "verdict": network.verdict.map { .text($0) } ?? .null,
          ])
        }),
      "concepts": .list(
        outcome.concepts.map {
          .map([
            "layer": .text($0.layer), "student": .text($0.student), "hypothesis": .text($0.hypothesis),
            "verdict": .text($0.verdict),
          ])
        }),
      "left_out": .list(
        outcome.leftOut.map { training in
          .map([
            "role": .text(training.role), "seed": training.seed.map { .number(Double($0)) } ?? .null,
            "problem": .text(training.problem), "others": .list(training.others.map { .text($0) }),
          ])
        }),
    ])
  }
}
