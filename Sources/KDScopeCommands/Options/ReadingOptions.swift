import ArgumentParser
import Checkpoints
import Datasets

/// How the files of checkpoints are read.
struct ReadingOptions: ParsableArguments, CheckpointReadingOptions {
  @OptionGroup
  var key: KeyOptions

  @OptionGroup
  var pixels: PixelOptions

  /// Does something while checkpoints are read so.
  func apply(_ body: () throws -> Void) throws { try pixels.apply(key: key.key, body) }
}

/// Where in a file the weights stand.
struct KeyOptions: ParsableArguments {
  @Option(
    name: .customLong("key"),
    help: ArgumentHelp(
      """
      Where in a PyTorch file the weights stand, such as state_dict, or what their names begin with, such as student; . for \
      those at the top. (default: found by itself)
      """, valueName: "a.b"))
  var keys: [String] = []

  /// The one key; nil for none.
  var key: String? { keys.first }

  func validate() throws {
    guard keys.count < 2 else {
      throw ValidationError("--key: is given \(keys.count) times; give it once, or ask each file by itself")
    }
  }
}

/// Where in two files the weights stand.
struct PairKeyOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Where in PyTorch files the weights stand, such as state_dict, or what their names begin with, such as student; . for \
      those at the top; given twice, the second is B's. (default: found by itself)
      """, valueName: "a.b"))
  var key: [String] = []

  func validate() throws {
    guard key.count < 3 else { throw ValidationError("--key: is given for more than two files") }
  }
}

/// How two files of checkpoints are read.
struct PairReadingOptions: ParsableArguments, CheckpointReadingOptions {
  @OptionGroup
  var keys: PairKeyOptions

  @OptionGroup
  var pixels: PixelOptions

  /// Does something while checkpoints are read so, their keys apart.
  func apply(_ body: () throws -> Void) throws { try pixels.apply(key: nil, body) }
}

/// What pixels the networks of checkpoints take.
struct PixelOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Normalisation of the pixels that the network was trained on: imagenet, cifar10, cifar100, half, none, or means and \
      deviations m,m,m/s,s,s. (default: the file's, else the data set's)
      """, valueName: "name"))
  var normalization: String?

  /// Does something while checkpoints are read so.
  ///
  /// - Parameters:
  ///   - key: where in files of PyTorch the weights stand.
  ///   - body: what is done.
  /// - Throws: ``InputError`` for a normalisation that does not exist, and what `body` throws.
  func apply(key: String?, _ body: () throws -> Void) throws {
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

/// Options on how checkpoints are read.
protocol CheckpointReadingOptions {
  /// Does something while checkpoints are read so.
  func apply(_ body: () throws -> Void) throws
}

/// A command that reads checkpoints: whoever runs it applies its options.
protocol CheckpointReading: ParsableCommand {
  associatedtype Reading: CheckpointReadingOptions
  /// How they are read.
  var reading: Reading { get }
}
