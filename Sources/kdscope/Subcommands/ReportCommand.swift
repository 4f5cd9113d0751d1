import ArgumentParser
import Experiments

/// `kdscope report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the report, figures and tables of a finished run again from what it stored.",
    discussion: "Nothing is trained or measured anew. Prints the report's path.")

  @Argument(help: ArgumentHelp("Name of the run, or its folder.", valueName: "run"))
  var name: String

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let stored = try work.storedRun(name, overrides: [])
    let experiment = work.experiment(stored.recipe, root: stored.root)
    let report = try experiment.analyze(measures: false)
    try output.print(experiment.folders.document(report: report), text: report.path + "\n")
  }
}
