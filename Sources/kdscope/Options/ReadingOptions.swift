import ArgumentParser
import Checkpoints
import Datasets

/// How the files of checkpoints are read.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where in a PyTorch file the weights stand, such as state_dict. (default: found by itself)", valueName: "a.b"))
  var key: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Normalisation of the pixels that the network was trained on: imagenet, cifar10, cifar100, half, none, or means and \
      deviations m,m,m/s,s,s. (default: the file's, else the data set's)
      """, valueName: "name"))
  var normalization: String?

  /// Does something while checkpoints are read so.
  func apply(_ body: () throws -> Void) throws {
    var choices = CheckpointChoices(key: key)
    if let text = normalization {
      try Normalization.check(text, at: "--normalization")
      choices.normalization = { channels in
        let values = try Normalization(text, channels: channels, at: "--normalization")
        return (mean: values.mean, deviation: values.std)
      }
    }
    try CheckpointChoices.$current.withValue(choices) { try body() }
  }
}

/// A command that reads checkpoints: whoever runs it applies its options.
protocol CheckpointReading: ParsableCommand {
  /// How they are read.
  var reading: ReadingOptions { get }
}
