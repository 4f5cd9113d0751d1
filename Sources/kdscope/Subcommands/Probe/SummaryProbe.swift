import ArgumentParser
import Experiments

/// `kdscope probe summary`.
struct SummaryProbe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Layers, shapes, size and weights of checkpoints.",
    discussion: """
      With --json: a list, one object for each checkpoint: "checkpoint", "model", "classes", "input" (height, width, \
      colours), "parameters", "multiplications" of one image, "facts" (role, epoch, data, development accuracy; null \
      for a foreign file), "layers", "probe_points" and "weights".
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let pages = try asked.urls.map { SummaryPage(try CheckpointSummary(of: $0, model: asked.model)) }
    try output.print(.list(pages.map(\.document)), text: pages.map(\.text).joined(separator: "\n"))
  }
}
