import ArgumentParser
import Experiments

/// `kdscope report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Rewrite the report, figures and tables of a finished run from what it stored.",
    discussion: """
      Nothing is trained or measured anew, and nothing is written into the run's folder: with --out the report of a \
      run that is read-only goes elsewhere. Forms of an earlier report that lie in its folder (report.html, slide.html, \
      figures as SVG or PDF) are written anew too. Prints the report's path, with --card those of the cards, with --html \
      and --slide those too. With --json: "report", "tables", "run" and, with --analysis, "analysis", with --card, \
      "cards", "html" and "slide".
      """)

  @Argument(help: ArgumentHelp("Name of the run, or its folder.", valueName: "run"))
  var name: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Report this analysis of the run, which kdscope analyze made. (default: the run itself)", valueName: "name"))
  var analysis: String?

  @Flag(name: .long, help: "Also write a Hugging Face model card for each student. (default: none)")
  var card = false

  @OptionGroup
  var forms: FormOptions

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let folders = try work.storedRun(name).analysis(analysis)
    let experiment = work.experiment(try folders.storedRecipe(), folders)
    experiment.writesCards = card
    experiment.forms = forms.forms
    let outcome = try experiment.analyze(measures: false)
    let report = outcome.report
    // A student that is left out has none.
    let there = Set(outcome.networks.map(\.role))
    let students = experiment.recipe.students.map(\.name).filter(there.contains)
    let cards = card ? students.map { experiment.folders.card($0).path } : []
    try output.print(
      experiment.folders.document(report: report, cards: cards, forms: forms.forms),
      text: ([report.path] + cards).map { $0 + "\n" }.joined() + forms.lines(experiment.folders))
  }
}
