import ArgumentParser
import Experiments
import Support
import Tensors
import Workloads

/// `kdscope bench inference`.
struct InferenceBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference", abstract: "Logits of a frozen ResNet-20 for many images.",
    discussion: """
      f32, 32x32 pixels; batch normalisation folded into the convolutions, sums and ReLUs fused. With --json: \
      "images_per_second" (median run), "median_seconds", "shortest_seconds", "images", "batch", "repeats", "threads".
      """)

  @Option(name: .long, help: "Images.")
  var images = 10_000

  @Option(name: .long, help: "Images at a time.")
  var batch = 100

  @Option(name: .long, help: "Runs over all images.")
  var repeats = 5

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([
      ("--images", images, 1...1_000_000), ("--batch", batch, 1...4_096), ("--repeats", repeats, 1...1_000),
    ])
  }

  func run() throws {
    var benchmark = InferenceBenchmark()
    (benchmark.images, benchmark.batch, benchmark.repeats) = (images, batch, repeats)
    let times = try options.timed("inference") { try benchmark.run($0) }
    try output.print(
      .map([
        "images_per_second": .number(times.rate(of: images)), "median_seconds": .number(times.median),
        "shortest_seconds": .number(times.shortest), "images": .number(Double(images)),
        "batch": .number(Double(batch)), "repeats": .number(Double(repeats)),
        "threads": .number(Double(Threads.count)),
      ]),
      text: benchHeading("ResNet-20 inference", "\(images) images in batches of \(batch)")
        + aligned([["engine", times.rateText(of: images), ""]], indent: "  "))
  }
}
