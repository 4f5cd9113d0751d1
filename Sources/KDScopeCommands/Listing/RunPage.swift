import Experiments
import Reporting

/// What `runs` shows of one run.
struct RunPage {
  private let run: StoredRun

  init(_ run: StoredRun) { self.run = run }

  /// One line of the list.
  var row: [String] {
    let analyses = run.analyses.isEmpty ? "-" : "\(run.analyses.count)"
    guard let recipe = run.recipe else {
      return [run.name, run.state.rawValue, "-", "-", "-", "-", "-", size, analyses]
    }
    return [
      run.name, run.state.rawValue, recipe.data.set, teacher ?? "-",
      recipe.student.name,
      "\(recipe.seeds.count)", trained, size, analyses,
    ]
  }

  /// The model of the teacher; nil where nobody asks one.
  private var teacher: String? {
    guard let recipe = run.recipe, recipe.asksTeacher else { return nil }
    return recipe.teacher?.model.name
  }

  private var size: String { NumberFormat.bytes(run.bytes) }
  private var trained: String { "\(run.networks.count(where: \.isTrained)) of \(run.networks.count)" }

  var text: String {
    var facts = [["state", run.state.rawValue]]
    if let problem = run.problem { facts.append(["problem", problem]) }
    if let recipe = run.recipe {
      facts += [
        ["data", recipe.data.set], ["teacher", teacher ?? "none"],
        ["student", recipe.student.name],
        ["seeds", recipe.seeds.map(String.init).joined(separator: ", ")],
      ]
    }
    facts += [["size", size], ["run", run.folders.run.path], ["report", run.folders.report.path]]
    let networks = run.networks.map { network in
      [
        network.role, "\(network.seed)", "\(network.epochs) of \(network.asked)",
        network.developmentAccuracy.map { NumberFormat.percent($0) } ?? "-",
      ] + [network.problem].compactMap(\.self)
    }
    let list = networks.isEmpty ? "" : aligned([["network", "seed", "epochs", "development accuracy"]] + networks)
    let analyses = run.analyses.map { folders in
      [folders.analysis ?? "", settings(folders).joined(separator: " "), folders.report.path]
    }
    let others = analyses.isEmpty ? "" : aligned([["analysis", "settings", "report"]] + analyses)
    return "\(run.name)\n" + aligned(facts, indent: "  ") + list + others
  }

  private func settings(_ folders: ExperimentFolders) -> [String] { folders.settings.map(\.assignment) }

  var document: DocumentNode {
    .map([
      "name": .text(run.name), "state": .text(run.state.rawValue), "problem": run.problem.map { .text($0) } ?? .null,
      "data": run.recipe.map { .text($0.data.set) } ?? .null,
      "teacher": teacher.map { .text($0) } ?? .null,
      "student": run.recipe.map { .text($0.student.name) } ?? .null,
      "seeds": .list((run.recipe?.seeds ?? []).map { .number(Double($0)) }), "bytes": .number(Double(run.bytes)),
      "run": .text(run.folders.run.path), "report": .text(run.folders.report.path),
      "networks": .list(
        run.networks.map { network in
          .map([
            "role": .text(network.role), "seed": .number(Double(network.seed)),
            "epochs": .number(Double(network.epochs)), "asked": .number(Double(network.asked)),
            "development_accuracy": network.developmentAccuracy.map { .number($0) } ?? .null,
            "problem": network.problem.map { .text($0) } ?? .null,
          ])
        }),
      "analyses": .list(
        run.analyses.map { folders in
          .map([
            "name": .text(folders.analysis ?? ""), "settings": .list(settings(folders).map { .text($0) }),
            "recipe": .text(folders.recipe.path), "report": .text(folders.report.path),
            "tables": .text(folders.tables.path),
          ])
        }),
    ])
  }
}
