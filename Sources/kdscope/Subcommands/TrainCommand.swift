import ArgumentParser
import Experiments

/// `kdscope train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one network of an experiment.",
    discussion: """
      A student needs its teacher, which is trained first if it is not there. What an earlier run finished is kept and \
      gone on with. Prints the folder of the checkpoints, one for each seed.
      """)

  @Argument(help: "A recipe. (default: the built-in one)", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Option(name: .long, help: "teacher, baseline, or the name of a student.")
  var role = "baseline"

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
    let experiment = work.experiment(try changes.recipe(recipe))
    experiment.writesEvents = tensorboard
    experiment.cachesTeacher = cacheTeacher
    let trained = try experiment.train(role: role)
    try output.print(
      .list(trained.map(\.document)), text: trained.map { $0.summary + "\n" }.joined())
  }
}
