import ArgumentParser
import Experiments

/// `kdscope run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a whole experiment: train teacher, baseline and students, measure, report.",
    discussion: """
      Without a recipe it runs the built-in experiment, which needs no download. Leaves reports/NAME/report.md with its \
      figures, notebooks-data/NAME/*.csv, and runs/NAME with the checkpoints. Prints a few lines of results; the last \
      line is the report's path. A network whose training diverges is left out with whatever learns from it; all else is \
      done, and the exit code is 1. With --json: "report", "tables", "run" and "results", with "networks", "concepts" and \
      "left_out".
      """)

  @Argument(help: "A recipe. (default: the built-in one)", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Flag(name: .long, help: "Continue a run of this name that was stopped. (default: start afresh)")
  var resume = false

  @OptionGroup
  var training: TrainingOptions

  @OptionGroup
  var forms: FormOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let experiment = try training.experiment(recipe)
    experiment.forms = forms.forms
    let page = OutcomePage(try experiment.run(resumes: resume), experiment.folders, forms.forms)
    try output.print(page.document, text: page.text)
    try experiment.requireNothingLeftOut()
  }
}
