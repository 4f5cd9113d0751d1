import ArgumentParser
import Experiments
import Reporting
import Support
import Tensors
import Workloads

/// `kdscope bench methods`.
struct MethodBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "A training step with every method, compared with plain KD.",
    discussion: """
      f32, 32x32 pixels, 100 classes: ResNet-20 taught by ResNet-56, one term beside the labels, the paper's options; a \
      stage before the training is not timed. Methods and plain KD take turns. With --json: "methods", a list of \
      "method", "images_per_second" (median step), "median_step_seconds", "kd_images_per_second" (its turns), \
      "time_over_kd", "tensor_bytes" (of all tensors that a step makes), "tensor_bytes_over_kd", and "batch", "rounds", \
      "steps", "threads".
      """)

  @Option(name: .long, help: "A method's name; may be repeated. (default: all, and labels alone)")
  var method: [String] = []

  @OptionGroup
  var batch: BenchBatch

  @Option(name: .long, help: "Turns of each method.")
  var rounds = 5

  @Option(name: .long, help: "Steps in a turn.")
  var steps = 3

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([
      ("--batch", batch.size, 4...1_024), ("--rounds", rounds, 1...1_000), ("--steps", steps, 1...1_000),
    ])
  }

  func run() throws {
    var benchmark = MethodBenchmark()
    (benchmark.batch, benchmark.rounds, benchmark.steps, benchmark.methods) = (
      batch.size, rounds, steps, method
    )
    let rows = try options.timed("method steps") { advanced in try benchmark.run { share, _ in try advanced(share) } }
    try output.print(document(rows), text: text(rows))
  }

  private func document(_ rows: [MethodBenchmark.Row]) -> DocumentNode {
    .map([
      "methods": .list(
        rows.map { row in
          .map([
            "method": .text(row.method), "images_per_second": .number(row.steps.rate(of: batch.size)),
            "median_step_seconds": .number(row.steps.median),
            "kd_images_per_second": .number(row.reference.rate(of: batch.size)), "time_over_kd": .number(row.ratio),
            "tensor_bytes": .number(Double(row.bytes)), "tensor_bytes_over_kd": .number(row.bytesRatio),
          ])
        }), "batch": .number(Double(batch.size)), "rounds": .number(Double(rounds)), "steps": .number(Double(steps)),
      "threads": .number(Double(Threads.count)),
    ])
  }

  private func text(_ rows: [MethodBenchmark.Row]) -> String {
    let table = rows.map { row in
      [
        row.method, row.steps.rateText(of: batch.size), "\(NumberFormat.fixed(row.ratio, 2)) × the time of kd",
        "\(NumberFormat.fixed(row.bytesRatio, 2)) × its bytes of tensors",
      ]
    }
    return benchHeading("ResNet-20 taught by ResNet-56", "batch \(batch.size)") + aligned(table, indent: "  ")
  }
}
