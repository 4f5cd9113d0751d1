import ArgumentParser
import Support
import Tensors
import Workloads

/// `kdscope bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Run the committed benchmarks on this machine.",
    discussion:
      "Timings are meaningful only while nothing else is running. Benchmarks/README.md compares them with PyTorch's.",
    subcommands: [
      TrainBench.self, MethodBench.self, InferenceBench.self, DataBench.self, EntropyBench.self, ProductBench.self,
    ])
}

/// What all benchmarks take.
struct BenchOptions: ParsableArguments {
  @Option(name: .long, help: "Number of processors to use, at most the machine's. (default: all)")
  var threads: Int?

  @Flag(name: .long, help: "Show no progress. (default: show it on standard error)")
  var quiet = false

  func validate() throws { try requireThreads(threads) }

  /// Uses as many processors as are wanted.
  func begin() {
    if let threads { Threads.use(threads) }
  }

  /// Does a benchmark of one stage while its progress is shown.
  ///
  /// - Parameters:
  ///   - stage: what the progress line says.
  ///   - work: is given what it must call with the share that is done.
  /// - Returns: what the work gives.
  /// - Throws: what the work throws.
  func timed<Result>(_ stage: String, _ work: ((Double) throws -> Void) throws -> Result) throws -> Result {
    try timed([(name: stage, cost: 1)]) { advance in try work { try advance(stage, $0) } }
  }

  /// Does a benchmark of several stages while its progress is shown.
  ///
  /// - Parameters:
  ///   - stages: what the progress line says, with costs in any common unit.
  ///   - work: is given what it must call with a stage's name and the share of it that is done.
  /// - Returns: what the work gives.
  /// - Throws: what the work throws.
  func timed<Result>(
    _ stages: [(name: String, cost: Double)], _ work: (@escaping (String, Double) throws -> Void) throws -> Result
  ) throws -> Result {
    begin()
    let progress = ProgressDisplay(isQuiet: quiet)
    progress.plan(stages)
    var current = ""
    let result = try work { stage, share in
      if stage != current { progress.begin(stage) }
      current = stage
      progress.update(share) { "" }
    }
    progress.finish()
    return result
  }
}

/// The batch of a benchmark of training steps.
struct BenchBatch: ParsableArguments {
  @Option(name: .customLong("batch"), help: "Images in a step.")
  var size = 64

  func validate() throws { try requireWholeNumbers([("--batch", size, 1...4_096)]) }
}

extension Durations {
  /// Images per second of the median step, of so many images.
  func rate(of images: Int) -> Double { Double(images) / median }

  /// The same for a table: `1234 images/s`.
  func rateText(of images: Int) -> String { imagesPerSecond(rate(of: images)) }
}

/// A rate for a table: `1234 images/s`.
func imagesPerSecond(_ rate: Double) -> String { "\(Int(rate.rounded())) images/s" }

/// The line over a benchmark's table: what was done, and on how many processors.
func benchHeading(_ parts: String...) -> String { (parts + ["\(Threads.count) threads\n"]).joined(separator: ", ") }
