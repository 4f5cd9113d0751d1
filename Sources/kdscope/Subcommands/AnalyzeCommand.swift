import ArgumentParser
import Experiments

/// `kdscope analyze`.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Measure a finished run, perhaps with another layer or threshold, and write its report.",
    discussion: """
      Existing measurements are kept: --set analysis.layers=[layer2] measures one more layer, \
      --set analysis.thresholds=[0.3] measures nothing. Nothing is trained. Prints the report's path.
      """)

  @Argument(help: ArgumentHelp("Name of the run, or its folder.", valueName: "run"))
  var name: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a value below analysis, such as analysis.grid=8; repeatable. (default: none)",
      valueName: "key.path=value"))
  var assignments: [String] = []

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let stored = try work.storedRun(name, overrides: assignments)
    let experiment = work.experiment(stored.recipe, root: stored.root)
    let report = try experiment.analyze(measures: true)
    try output.print(experiment.folders.document(report: report), text: report.path + "\n")
  }
}
