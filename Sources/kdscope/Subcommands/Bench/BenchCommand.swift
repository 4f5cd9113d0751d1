import ArgumentParser
import Support
import Tensors

/// `kdscope bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time the committed benchmarks on this machine.",
    discussion: "Timings mean something only while nothing else runs. Benchmarks/README.md has them beside PyTorch's.",
    subcommands: [
      TrainBench.self, MethodBench.self, InferenceBench.self, DataBench.self, EntropyBench.self, ProductBench.self,
    ])
}

/// What all benchmarks take.
struct BenchOptions: ParsableArguments {
  @Option(name: .long, help: "Number of processors to use. (default: all)")
  var threads: Int?

  @Flag(name: .long, help: "Show no progress. (default: show it on standard error)")
  var quiet = false

  func validate() throws { try requireWholeNumbers([("--threads", threads, 1...1_024)]) }

  /// Does a benchmark of one stage while its progress is shown.
  ///
  /// - Parameters:
  ///   - stage: what the progress line says.
  ///   - work: is given what it must call with the share that is done.
  /// - Returns: what the work gives.
  /// - Throws: what the work throws, an interruption among it.
  func timed<Result>(_ stage: String, _ work: ((Double) throws -> Void) throws -> Result) throws -> Result {
    if let threads { Threads.use(threads) }
    Interrupt.watch()
    let progress = ProgressDisplay(isQuiet: quiet)
    progress.plan([(name: stage, cost: 1)])
    progress.begin(stage)
    let result = try work { share in
      try Interrupt.check()
      progress.update(share) { "" }
    }
    progress.finish()
    return result
  }
}
