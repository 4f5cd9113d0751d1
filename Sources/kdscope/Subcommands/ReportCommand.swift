import ArgumentParser
import Experiments

/// `kdscope report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Rewrite the report, figures and tables of a finished run from what it stored.",
    discussion: """
      Nothing is trained or measured anew. Prints the report's path, with --card those of the cards too. With --json: \
      "report", "tables", "run" and, with --card, "cards".
      """)

  @Argument(help: ArgumentHelp("Name of the run, or its folder.", valueName: "run"))
  var name: String

  @Flag(name: .long, help: "Also write a Hugging Face model card for each student. (default: none)")
  var card = false

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let stored = try work.storedRun(name, overrides: [])
    let experiment = work.experiment(stored.recipe, root: stored.root)
    experiment.writesCards = card
    let report = try experiment.analyze(measures: false)
    let cards = card ? stored.recipe.students.map { experiment.folders.card($0.name).path } : []
    try output.print(
      experiment.folders.document(report: report, cards: cards),
      text: ([report.path] + cards).map { $0 + "\n" }.joined())
  }
}
