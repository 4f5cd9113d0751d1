import ArgumentParser
import Experiments

/// `kdscope run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a whole experiment: train teacher, baseline and students, measure, report.",
    discussion: """
      Without a recipe it runs the built-in experiment, which needs no download. Leaves reports/NAME/report.md with its \
      figures, notebooks-data/NAME/*.csv, and runs/NAME with every checkpoint. Prints the report's path.
      """)

  @Argument(help: "A recipe. (default: the built-in one)", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Flag(name: .long, help: "Continue a run of this name that was stopped. (default: start afresh)")
  var resume = false

  @OptionGroup
  var training: TrainingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let experiment = try training.experiment(recipe)
    let report = try experiment.run(resumes: resume)
    try output.print(experiment.folders.document(report: report), text: report.path + "\n")
  }
}
