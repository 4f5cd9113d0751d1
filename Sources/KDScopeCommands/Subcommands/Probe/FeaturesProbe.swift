import ArgumentParser
import Experiments
import Foundation
import Support

/// `kdscope probe features`.
struct FeaturesProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "The features of a layer of a checkpoint for given images.",
    discussion: """
      Writes tensor "features" in PyTorch's axis order, [N, C, H, W] or [N, D], into a file as its extension says: \
      .safetensors, .npy, .npz or .csv (a row for each image). With --json: one object: "checkpoint", "layer", \
      "shape", with pictures "names", "out". The largest centred part of a picture is scaled to the network's size and normalised as in its \
      training.
      """)

  @Argument(help: "Name of a layer, as kdscope probe layers lists them.")
  var layer: String

  @Argument(help: "The checkpoint.", completion: .file())
  var checkpoint: String

  @Option(name: .long, help: "Name of the network, where the file does not give it. (default: the file's)")
  var model: String?

  @OptionGroup
  var images: ImageOptions

  @Flag(name: .long, help: "Take the feature before the layer's ReLU. (default: after it)")
  var beforeRelu = false

  @Option(
    name: .long, help: ArgumentHelp("File to write the features to. (required)", valueName: "file"),
    completion: .file(extensions: TensorFile.Format.allCases.map(\.rawValue)))
  var out: String

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func run() throws {
    let source = try images.source(for: "probe features")
    let file = try TensorFile(out)
    try requireOther(out, than: [checkpoint] + [images.images].compactMap(\.self), at: "--out")
    let progress = images.question.progress
    progress.plan([(name: layer, cost: 1)])
    defer { progress.finish() }
    progress.begin(layer)
    let features = try source.features(
      of: URL(fileURLWithPath: checkpoint), model: model, layer: layer, beforeRelu: beforeRelu
    ) { share in progress.update(share) { "" } }
    try file.write(features)
    try output.print(
      .map([
        "checkpoint": .text(checkpoint), "layer": .text(layer), "shape": .list(features.shape.map { .whole($0) }),
        "names": source.names.map { .list($0.map { .text($0) }) },
        "out": .text(out),
      ]), text: "\(out): features \(features.shape)\n")
  }
}
