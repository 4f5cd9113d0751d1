import ArgumentParser
import Experiments
import Support

/// `kdscope train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one network of an experiment.",
    discussion: """
      A student needs its teacher, which is trained first if necessary. Whatever an earlier run finished is kept, and \
      training continues from there. Prints development accuracy and last checkpoint, one line for each seed; test \
      images are asked once, in the report of a run. With --json: a list with "role", "seed", "checkpoint", \
      "development_accuracy" and "images_per_second".
      """)

  @Argument(help: "A recipe. (default: the built-in one)", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Option(name: .long, help: "teacher, baseline, or the name of a student, an assistant or one of teachers.")
  var role = RoleName.baseline

  @OptionGroup
  var training: TrainingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let experiment = try training.experiment(recipe)
    let trained = try experiment.train(role: role)
    try output.print(
      .list(trained.map(\.document)), text: trained.map { $0.summary + "\n" }.joined())
    try experiment.requireNothingLeftOut(of: role)
  }
}
