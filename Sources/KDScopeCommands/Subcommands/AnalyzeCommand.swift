import ArgumentParser
import Experiments

/// `kdscope analyze`.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Measure a finished run, perhaps with another layer or threshold, and write a report.",
    discussion: """
      Settings make an analysis with a name and a folder of its own, reports/RUN/analyses/NAME: recipe.yaml, report.md \
      and data/*.csv. They change the run's own settings, not those of other analyses; the run's recipe, report and \
      tables stay as they are. Existing measurements are used again: --set analysis.layers=[layer2] measures one more \
      layer, --set analysis.thresholds=[0.3] measures nothing. Without settings the run itself is reported, and \
      measured where it has not been yet. Nothing is trained. Prints a few lines of results; the last line is the \
      report's path. With --json: as kdscope run, and "analysis".
      """)

  @Argument(help: ArgumentHelp("Name of the run, or its folder.", valueName: "run"))
  var name: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a value below analysis, such as analysis.grid=8, or analysis=none; repeatable. (default: none)",
      valueName: "key.path=value"))
  var assignments: [String] = []

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp(
      "Name of the analysis. (default: made from its settings, such as distortion-0.2)", valueName: "name"))
  var analysis: String?

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var forms: FormOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let request = try AnalysisRequest(of: work.storedRun(name), overrides: assignments, name: analysis)
    let experiment = work.experiment(request.recipe, request.folders)
    experiment.forms = forms.forms
    let page = OutcomePage(try experiment.analyze(measures: true), request.folders, forms.forms)
    try output.print(page.document, text: page.text)
  }
}
