import ArgumentParser
import Experiments
import Models

/// `kdscope probe layers`.
struct LayersProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "layers", abstract: "The layers of checkpoints that recipes and probes can name.",
    discussion: """
      Prints name, output (height, width, channels) and whether the layer is recommended for measurements. With --layer: \
      that one alone, or the nearest names. With --json: a list, one object for each checkpoint: "checkpoint", "model", \
      "layers" (name, output, relu, recommended).
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @Option(name: .long, help: ArgumentHelp("One layer to look up. (default: all)", valueName: "name"))
  var layer: String?

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let answers = try asked.urls.map { url in
      let network = try CheckpointSummary(of: url, model: asked.model, key: reading.key.key, isStructureOnly: true)
        .knownNetwork()
      let points = try layer.map { [try network.probePoint($0, at: "--layer")] } ?? network.probePoints
      return (path: url.path, model: network.specification.name, points: points)
    }
    let text = answers.map { path, model, points in
      "\(path): \(model)\n"
        + aligned(
          [["name", "output", ""]]
            + points.map { [$0.name, $0.output.description, $0.isRecommended ? "recommended for measurements" : ""] },
          indent: "  ")
    }
    let documents = answers.map { path, model, points -> DocumentNode in
      .map([
        "checkpoint": .text(path), "model": .text(model),
        "layers": .list(
          points.map { point in
            .map([
              "name": .text(point.name), "output": .list(point.output.dimensions.map { .whole($0) }),
              "relu": .flag(point.hasRelu), "recommended": .flag(point.isRecommended),
            ])
          }),
      ])
    }
    try output.print(.list(documents), text: text.joined(separator: "\n"))
  }
}
