import ArgumentParser
import Experiments
import Foundation
import Support
import Tensors

/// The data set that a probe asks about, which of its images, and what the work may take.
struct QuestionOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Data set. (default: none)", valueName: "set"))
  var data: String?

  @OptionGroup
  var changes: DataChanges

  @Option(name: .long, help: "Part of the data set. (default: test; all images where they are not divided)")
  var split: ProbeData.Split?

  @Option(
    name: .long,
    help: "At most so many images: spread evenly over the part of a data set, the first of files. (default: all)")
  var count: Int?

  @Option(name: .long, help: "Seed that decides which images are held out, and what is drawn.")
  var seed = 1

  @Option(name: .long, help: "Number of processors to use, at most the machine's. (default: all)")
  var threads: Int?

  @Flag(name: .long, help: "Show no progress. (default: show it on standard error)")
  var quiet = false

  func validate() throws {
    try requireWholeNumbers([("--seed", seed, 1...1_000_000), ("--count", count, 1...10_000_000)])
    try requireThreads(threads)
  }

  /// Shows how far the work is.
  var progress: ProgressDisplay { ProgressDisplay(isQuiet: quiet) }

  /// Loads the data set.
  ///
  /// - Parameters:
  ///   - command: the command's name, for the error line.
  ///   - usual: the part that is asked about unless another is named; nil for the test images, or all where they are not
  ///     divided.
  /// - Returns: the images.
  /// - Throws: ``InputError`` if none is given, or as ``ProbeData/init(_:assignments:seed:split:count:)``.
  func load(for command: String, _ usual: ProbeData.Split? = nil) throws -> ProbeData {
    guard let data else { throw InputError(command, "no images are given", remedy: "add --data SET") }
    useThreads()
    return try ProbeData(data, assignments: changes.assignments, seed: seed, split: split ?? usual, count: count)
  }

  /// Refuses options of a data set beside answers that are stored.
  func requireNone(beside option: String) throws {
    if data != nil { throw InputError("--data", "stands beside \(option)", remedy: "give one of them") }
    if let assignment = changes.assignments.first {
      throw InputError("--set \(assignment)", "stands beside \(option)", remedy: "it is an option of --data")
    }
    let given = [("--split", split != nil), ("--count", count != nil)].first { $0.1 }
    if let given {
      throw InputError(given.0, "stands beside \(option)", remedy: "the answers of that file are all judged")
    }
  }

  /// Uses as many threads as were asked for.
  func useThreads() {
    if let threads { Threads.use(threads) }
  }
}
