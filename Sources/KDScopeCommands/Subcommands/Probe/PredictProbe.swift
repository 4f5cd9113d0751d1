import ArgumentParser
import Experiments
import Foundation
import Support

/// `kdscope probe predict`.
struct PredictProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "What checkpoints take pictures for: the likeliest classes with a bar.",
    discussion: """
      Of a picture the largest centred part with the proportions of the network's images is taken and scaled to their \
      size, then normalised as in its training. With --out: also predict.png (the \
      first twelve pictures with the answers), predict.csv and predict.safetensors (logits; predict-1.safetensors, … \
      of several checkpoints) in that folder. With --json: a list, one object for each checkpoint: "checkpoint", \
      "images" (name, top: index, class, probability).
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var images: ImageOptions

  @Option(name: .long, help: "Classes that are told of each image.")
  var top = 5

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Names of the outputs: a text with one on each line, or JSON, a list or a map from number to name. (default: the \
      file's)
      """, valueName: "file"), completion: .file())
  var labels: String?

  @OptionGroup
  var place: FolderOptions

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([("--top", top, 1...100_000)])
  }

  func run() throws {
    let folder = try place.folder()
    let names = try labels.map { (names: try ClassLabels.read($0), path: $0) }
    let source = try images.source(for: "probe predict")
    let progress = images.question.progress
    progress.plan(asked.checkpoints.map { (name: $0, cost: 1) })
    defer { progress.finish() }
    let answers = try zip(asked.checkpoints, asked.urls).map { name, url in
      progress.begin(name)
      let found = try TopAnswers(url, model: asked.model, on: source, top: top, labels: names) { share in
        progress.update(share) { "" }
      }
      return (name: name, answers: found)
    }
    try folder?.write(TopAnswerFiles(answers))
    let pages = answers.map { TopAnswerPage($0.answers) }
    try output.print(.list(pages.map(\.document)), text: pages.map(\.text).joined(separator: "\n"))
  }
}
