import ArgumentParser
import Experiments

/// `kdscope train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one network of an experiment.",
    discussion: """
      A student needs its teacher, which is trained first if necessary. Whatever an earlier run finished is kept, and \
      training continues from there. Prints the folder of the checkpoints, one for each seed.
      """)

  @Argument(help: "A recipe. (default: the built-in one)", completion: .file(extensions: ["yaml", "yml"]))
  var recipe: String?

  @Option(name: .long, help: "teacher, baseline, or the name of a student.")
  var role = "baseline"

  @OptionGroup
  var training: TrainingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let experiment = try training.experiment(recipe)
    let trained = try experiment.train(role: role)
    try output.print(
      .list(trained.map(\.document)), text: trained.map { $0.summary + "\n" }.joined())
  }
}
