import ArgumentParser
import Experiments
import Support
import Tensors
import Workloads

/// `kdscope bench train`.
struct TrainBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "The training step of ResNet-20 compared with the raw oneDNN calls.",
    discussion: """
      f32, 32x32 pixels: forward, cross-entropy, backward, SGD; engine and raw sequences alternately. With --json: \
      "images_per_second" (median step), "median_step_seconds", "shortest_step_seconds", \
      "raw_direct_images_per_second" and "raw_winograd_images_per_second" (null with --no-raw), "ratio_to_raw" (to the \
      faster of them), "peak_rss_above_start_bytes", "rss_growth_bytes" (from a tenth of the steps to their end), \
      "batch", "steps", "threads".
      """)

  @OptionGroup
  var batch: BenchBatch

  @Option(name: .long, help: "Timed steps.")
  var steps = 60

  @Flag(name: .long, inversion: .prefixedNo, help: "Time the raw oneDNN sequences too. (default: yes)")
  var raw = true

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([("--steps", steps, 1...1_000_000)])
  }

  func run() throws {
    var benchmark = TrainingBenchmark()
    (benchmark.batch, benchmark.steps, benchmark.raw) = (batch.size, steps, raw)
    let result = try options.timed("training steps") { try benchmark.run($0) }
    try output.print(document(result), text: text(result))
  }

  private func rates(_ result: TrainingBenchmark.Result) -> (direct: Double, winograd: Double)? {
    raw ? (result.direct.rate(of: batch.size), result.winograd.rate(of: batch.size)) : nil
  }

  private func document(_ result: TrainingBenchmark.Result) -> DocumentNode {
    let raws = rates(result)
    return .map([
      "images_per_second": .number(result.imagesPerSecond), "median_step_seconds": .number(result.steps.median),
      "shortest_step_seconds": .number(result.steps.shortest),
      "raw_direct_images_per_second": raws.map { .number($0.direct) } ?? .null,
      "raw_winograd_images_per_second": raws.map { .number($0.winograd) } ?? .null,
      "ratio_to_raw": raws.map { .number(result.imagesPerSecond / max($0.direct, $0.winograd)) } ?? .null,
      "peak_rss_above_start_bytes": .number(Double(result.peakAboveStart)),
      "rss_growth_bytes": .number(Double(result.growth)), "batch": .number(Double(batch.size)),
      "steps": .number(Double(result.steps.seconds.count)), "threads": .number(Double(Threads.count)),
    ])
  }

  private func text(_ result: TrainingBenchmark.Result) -> String {
    var rows = [["engine", imagesPerSecond(result.imagesPerSecond), ""]]
    if let raws = rates(result) {
      for (name, rate) in [("raw oneDNN, direct", raws.direct), ("raw oneDNN, Winograd", raws.winograd)] {
        let share = Int((100 * result.imagesPerSecond / rate).rounded())
        rows.append([name, imagesPerSecond(rate), "engine at \(share) %"])
      }
    }
    rows.append(["memory above start", "\(result.peakAboveStart >> 20) MiB", "growth \(result.growth >> 10) KiB"])
    return benchHeading("ResNet-20 training step", "batch \(batch.size)") + aligned(rows, indent: "  ")
  }
}
