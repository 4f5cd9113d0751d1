import ArgumentParser
import Experiments

/// `kdscope run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Do a whole experiment: train teacher, baseline and students, measure, report.",
    discussion: """
      Without a recipe the built-in experiment is run, which needs no download. Leaves reports/NAME/report.md with its \
      figures, notebooks-data/NAME/*.csv, and runs/NAME with every checkpoint. Prints the report's path.
      """)

  @Argument(help: "A recipe. (default: the built-in one)", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Flag(name: .long, help: "Go on with a run of this name that was stopped. (default: start anew)")
  var resume = false

  @Flag(name: .long, help: "Write events for TensorBoard too, into runs/NAME/tensorboard. (default: none)")
  var tensorboard = false

  @Flag(
    name: .long,
    help: "Keep what the teacher says to training images, so that the students of a seed ask once. (default: ask anew)")
  var cacheTeacher = false

  @OptionGroup(title: "Changes to the recipe")
  var changes: RecipeOptions

  @OptionGroup
  var work: WorkOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let recipe = try changes.recipe(recipe)
    let experiment = work.experiment(recipe)
    experiment.writesEvents = tensorboard
    experiment.cachesTeacher = cacheTeacher
    let report = try experiment.run(resumes: resume)
    try output.print(experiment.folders.document(report: report), text: report.path + "\n")
  }
}
