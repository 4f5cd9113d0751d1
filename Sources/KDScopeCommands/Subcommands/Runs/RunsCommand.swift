import ArgumentParser
import Experiments
import Foundation
import Reporting
import Support

/// `kdscope runs`.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Runs in this folder: list, show, compare, remove.",
    subcommands: [RunsList.self, RunsShow.self, RunsCompare.self, RunsRemove.self], defaultSubcommand: RunsList.self)
}

/// The folder above `runs/`.
struct RootOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The folder above runs/. (default: the working directory)", valueName: "dir"),
    completion: .directory)
  var out: String?

  var root: URL { URL(fileURLWithPath: out ?? FileManager.default.currentDirectoryPath, isDirectory: true) }
}

/// `kdscope runs list`.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "All runs: state, data, networks, seeds, size, analyses.",
    discussion: """
      A run is unfinished while networks remain to be trained, then trained, and reported once it has a report. With \
      --json: "runs", a list of what kdscope runs show prints of each.
      """)

  @OptionGroup
  var place: RootOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let pages = StoredRun.all(below: place.root).map(RunPage.init)
    let head = ["run", "state", "data", "teacher", "student", "seeds", "trained", "size", "analyses"]
    try output.print(
      .map(["runs": .list(pages.map(\.document))]),
      text: pages.isEmpty ? "no runs in \(place.root.path)/runs\n" : aligned([head] + pages.map(\.row)))
  }
}

/// `kdscope runs show`.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One run: its networks, their progress, its analyses, and where its files are.",
    discussion: """
      With --json: "name", "state", "problem", "data", "teacher", "student", "seeds", "bytes", "run", "report", \
      "networks" with "role", "seed", "epochs", "asked", "development_accuracy" and "problem", and "analyses" with "name", \
      "settings", "recipe", "report" and "tables".
      """)

  @Argument(help: "Name of the run, or the path of its folder runs/NAME.")
  var name: String

  @OptionGroup
  var place: RootOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let page = RunPage(try StoredRun(name, below: place.root))
    try output.print(page.document, text: page.text)
  }
}

/// `kdscope runs compare`.
struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Finished runs against the first of them, paired over seeds.",
    discussion: """
      For each network the mean over seeds on the test split with 95 % Student t interval, and the difference from the \
      first run over the seeds that both share: better or worse where its interval excludes zero. With --json: "rows" \
      with "role", "quantity", "run", "value", "lower", "upper", "seeds", "difference", "difference_lower", \
      "difference_upper" and "verdict".
      """)

  @Argument(help: "Two or more runs: names, or paths of their folders runs/NAME.")
  var names: [String]

  @OptionGroup
  var place: RootOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    guard names.count > 1 else { throw ValidationError("takes two or more runs") }
  }

  func run() throws {
    let comparison = try RunComparison(names.map { try StoredRun($0, below: place.root) })
    let rows = comparison.rows.map { row in
      [
        row.role, row.quantity, row.run, NumberFormat.estimate(row.estimate),
        row.difference.map { NumberFormat.estimate($0) } ?? "", row.verdict,
      ]
    }
    try output.print(
      .map(["rows": .list(comparison.rows.map(document))]),
      text: aligned([["network", "quantity", "run", "value", "difference", "verdict"]] + rows))
  }

  private func document(_ row: RunComparison.Row) -> DocumentNode {
    func node(_ value: Double?) -> DocumentNode { value.map { .number($0) } ?? .null }
    return .map([
      "role": .text(row.role), "quantity": .text(row.quantity), "run": .text(row.run),
      "value": .number(row.estimate.value), "lower": node(row.estimate.lower), "upper": node(row.estimate.upper),
      "seeds": .number(Double(row.estimate.count)), "difference": node(row.difference?.value),
      "difference_lower": node(row.difference?.lower), "difference_upper": node(row.difference?.upper),
      "verdict": .text(row.verdict),
    ])
  }
}

/// `kdscope runs remove`.
struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove runs: checkpoints, states and measured maps.",
    discussion: """
      Removes runs/NAME and nothing else: reports and tables stay. Asks first, and without a terminal refuses unless \
      --yes is given. With --json: "removed", the names.
      """)

  @Argument(help: "Names of runs.")
  var names: [String]

  @Flag(name: .long, help: "Do not ask. (default: ask)")
  var yes = false

  @OptionGroup
  var place: RootOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let runs = try names.map { try StoredRun($0, below: place.root) }
    for run in runs where !yes {
      guard isatty(STDIN_FILENO) == 1 else {
        throw InputError("runs remove", "there is nobody to ask", remedy: "add --yes to remove \(run.folders.run.path)")
      }
      Output.writeError("Remove \(run.folders.run.path), \(NumberFormat.bytes(run.bytes))? [y/N] ")
      guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
        throw InputError("runs remove", "not confirmed", remedy: "nothing was removed")
      }
    }
    for run in runs { try run.remove() }
    try output.print(
      .map(["removed": .list(names.map { .text($0) })]),
      text: runs.map { "removed \($0.folders.run.path)\n" }.joined())
  }
}
