import ArgumentParser
import Experiments
import Support
import Tensors
import Workloads

/// `kdscope bench data`.
struct DataBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Training from a folder of pictures compared with training from memory.",
    discussion: """
      ResNet-20 steps with the batch decoded from files, or copied from memory, alternately; then decoding and each \
      augmentation alone. With --json: "images_per_second_memory", "images_per_second_folder" (median steps), "ratio" \
      (folder over memory), "decode_seconds_per_1000", "augment_seconds_per_1000" (by option name; "none" copies and \
      normalises alone), "batch", "steps", "shape", "threads".
      """)

  @Option(
    name: .long, help: ArgumentHelp("Folder as the set image-folder takes it. (required)", valueName: "folder"),
    completion: .directory)
  var path: String

  @Option(name: .long, help: "Height and width of the images. (default: the pictures')")
  var size: Int?

  @OptionGroup
  var batch: BenchBatch

  @Option(name: .long, help: "Timed steps of each kind.")
  var steps = 40

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([
      ("--steps", steps, 1...1_000_000), ("--size", size, 1...4_096),
    ])
  }

  func run() throws {
    var benchmark = DataBenchmark(path: path)
    (benchmark.size, benchmark.batch, benchmark.steps) = (size, batch.size, steps)
    let result = try options.timed("data") { try benchmark.run($0) }
    try output.print(document(result), text: text(result))
  }

  private func document(_ result: DataBenchmark.Result) -> DocumentNode {
    .map([
      "images_per_second_memory": .number(result.memory.rate(of: batch.size)),
      "images_per_second_folder": .number(result.folder.rate(of: batch.size)), "ratio": .number(result.ratio),
      "decode_seconds_per_1000": .number(result.decoding.median),
      "augment_seconds_per_1000": .map(
        result.augmentations.map { .init(key: $0.name, value: .number($0.durations.median)) }),
      "batch": .number(Double(batch.size)), "steps": .number(Double(result.memory.seconds.count)),
      "shape": .list(result.shape.map { .number(Double($0)) }), "threads": .number(Double(Threads.count)),
    ])
  }

  private func text(_ result: DataBenchmark.Result) -> String {
    func milliseconds(_ durations: Durations) -> String { "\((durations.median * 1e5).rounded() / 100) ms" }
    let rows =
      [
        ["fed from memory", result.memory.rateText(of: batch.size), ""],
        [
          "fed from the folder", result.folder.rateText(of: batch.size),
          "\(Int((100 * result.ratio).rounded())) %",
        ],
        ["decoding alone", milliseconds(result.decoding), "per 1,000 images"],
      ] + result.augmentations.map { ["augmentation: \($0.name)", milliseconds($0.durations), "per 1,000 images"] }
    let shape = result.shape.map(String.init).joined(separator: "x")
    return benchHeading("ResNet-20 training step", shape, "batch \(batch.size)") + aligned(rows, indent: "  ")
  }
}
