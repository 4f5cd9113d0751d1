import ArgumentParser
import Experiments
import Support
import Tensors
import Workloads

/// `kdscope bench data`.
struct DataBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Training fed from a folder of pictures beside training fed from memory.",
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

  @Option(name: .long, help: "Images in a step. (default: 64)")
  var batch = 64

  @Option(name: .long, help: "Timed steps of each kind. (default: 40)")
  var steps = 40

  @OptionGroup
  var options: BenchOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([
      ("--batch", batch, 1...4_096), ("--steps", steps, 1...1_000_000), ("--size", size, 1...4_096),
    ])
  }

  func run() throws {
    var benchmark = DataBenchmark(path: path)
    (benchmark.size, benchmark.batch, benchmark.steps) = (size, batch, steps)
    let result = try options.timed("data") { try benchmark.run($0) }
    try output.print(document(result), text: text(result))
  }

  private func rate(_ durations: Durations) -> Double { Double(batch) / durations.median }

  private func document(_ result: DataBenchmark.Result) -> DocumentNode {
    .map([
      "images_per_second_memory": .number(rate(result.memory)),
      "images_per_second_folder": .number(rate(result.folder)), "ratio": .number(result.ratio),
      "decode_seconds_per_1000": .number(result.decoding.median),
      "augment_seconds_per_1000": .map(
        result.augmentations.map { .init(key: $0.name, value: .number($0.durations.median)) }),
      "batch": .number(Double(batch)), "steps": .number(Double(result.memory.seconds.count)),
      "shape": .list(result.shape.map { .number(Double($0)) }), "threads": .number(Double(Threads.count)),
    ])
  }

  private func text(_ result: DataBenchmark.Result) -> String {
    func milliseconds(_ durations: Durations) -> String { "\((durations.median * 1e5).rounded() / 100) ms" }
    let rows =
      [
        ["fed from memory", "\(Int(rate(result.memory).rounded())) images/s", ""],
        [
          "fed from the folder", "\(Int(rate(result.folder).rounded())) images/s",
          "\(Int((100 * result.ratio).rounded())) %",
        ],
        ["decoding alone", milliseconds(result.decoding), "per 1,000 images"],
      ] + result.augmentations.map { ["augmentation: \($0.name)", milliseconds($0.durations), "per 1,000 images"] }
    let shape = result.shape.map(String.init).joined(separator: "x")
    return "ResNet-20 training step, \(shape), batch \(batch), \(Threads.count) threads\n" + aligned(rows, indent: "  ")
  }
}
