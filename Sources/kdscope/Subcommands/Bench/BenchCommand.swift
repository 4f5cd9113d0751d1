import ArgumentParser
import Support

/// `kdscope bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time the committed benchmarks on this machine.",
    discussion: "Timings mean something only while nothing else runs. Benchmarks/README.md has them beside PyTorch's.",
    subcommands: [TrainBench.self, InferenceBench.self, EntropyBench.self, ProductBench.self])
}

/// What all benchmarks take.
struct BenchOptions: ParsableArguments {
  @Option(name: .long, help: "Number of processors to use. (default: all)")
  var threads: Int?

  @Flag(name: .long, help: "Show no progress. (default: show it on standard error)")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1_024).contains(threads) {
      throw ValidationError("--threads: is \(threads); it takes a whole number from 1 to 1024")
    }
  }
}
