import Analysis
import ArgumentParser
import Experiments
import Foundation
import Support
import Tensors

/// What a command line changes in a data set.
struct DataChanges: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change an option of the data set, such as data.size=16; repeatable. (default: none)",
      valueName: "data.option=value"))
  var assignments: [String] = []
}

/// The labelled images that checkpoints are asked about.
struct DataOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Data set. (required)", valueName: "set"))
  var data: String

  @OptionGroup
  var changes: DataChanges

  @Option(name: .long, help: "Seed that decides which images are held out.")
  var seed = 1

  @Option(name: .long, help: "Number of processors to use, at most the machine's. (default: all)")
  var threads: Int?

  func validate() throws {
    try requireWholeNumbers([("--seed", seed, 1...1_000_000)])
    try requireThreads(threads)
  }

  /// Loads the data set.
  ///
  /// - Parameter split: which of its images are asked about; nil for the test images, or all if they are not divided.
  /// - Returns: the images.
  /// - Throws: ``InputError`` for an unknown set or option, files that cannot be read, a split that is not there.
  func load(_ split: ProbeData.Split? = nil) throws -> ProbeData {
    if let threads { Threads.use(threads) }
    return try ProbeData(data, assignments: changes.assignments, seed: seed, split: split)
  }
}

/// Which images of a data set.
struct SplitOptions: ParsableArguments {
  @Option(name: .long, help: "Part of the data set. (default: test; all images where they are not divided)")
  var split: ProbeData.Split?
}

extension ProbeData.Split: ExpressibleByArgument {}
extension Calibration.Binning: ExpressibleByArgument {}
extension FeatureGram.Rule: ExpressibleByArgument {}
