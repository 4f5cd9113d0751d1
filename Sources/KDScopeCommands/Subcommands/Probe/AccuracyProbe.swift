import Analysis
import ArgumentParser
import Experiments
import Foundation
import Support

/// `kdscope probe accuracy`.
struct AccuracyProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "accuracy", abstract: "Accuracy, per-class scores and calibration of checkpoints on a data set.",
    discussion: """
      Prints accuracy with Wilson's interval, calibration with its bins, precision, recall and F1 of each class, and \
      the confusion matrix. With --out: also accuracy.png, reliability.png, confusion.png, calibration.csv, \
      classes.csv, confusion.csv, and accuracy.safetensors in that folder: logits and labels as --logits takes them \
      (accuracy-1.safetensors, … of several checkpoints). With --json: a list, one object for each checkpoint: \
      "checkpoint", "images", "accuracy" (value, lower, upper, count, method), "top5" (the same; null below 6 \
      classes), "nll", "brier", "ece", "mce", "ece_equal_mass", "ece_classwise", "temperature" (fitted on the \
      development split), "at_end_of_range" (true where no temperature fits best), "ece_at_temperature", "binning", \
      "bins", "classes", "confusion" (rows: true classes; null for more than 100).
      """)

  @Argument(help: "Checkpoints. (default: none, with --logits)", completion: .file())
  var checkpoints: [String] = []

  @Option(name: .long, help: "Name of the network, where the file does not give it. (default: the file's)")
  var model: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      In place of checkpoints and data: a .safetensors or .npz file with logits [N, K] and labels [N], perhaps \
      development_logits and development_labels for the temperature. (default: none)
      """, valueName: "file"), completion: .file(extensions: ["safetensors", "npz"]))
  var logits: String?

  @OptionGroup
  var question: QuestionOptions

  @Option(name: .long, help: "Bins of confidence.")
  var bins = 15

  @Option(name: .long, help: "How images are put into bins.")
  var binning = Calibration.Binning.equalWidth

  @OptionGroup
  var place: FolderOptions

  @OptionGroup
  var reading: ReadingOptions

  @OptionGroup
  var output: OutputOptions

  func validate() throws {
    try requireWholeNumbers([("--bins", bins, 1...1000)])
  }

  func run() throws {
    let folder = try place.folder()
    let answers = try answers().map { NetworkQuality($0, bins: bins, binning: binning) }
    let pages = answers.map { AccuracyPage(path: $0.answers.url.path, quality: $0) }
    let names = logits.map { [$0] } ?? checkpoints
    try folder?.write(QualityFiles(zip(names, answers).map { (name: $0, quality: $1) }))
    try output.print(.list(pages.map(\.document)), text: pages.map(\.text).joined(separator: "\n"))
  }

  private func answers() throws -> [LabelledAnswers] {
    if let logits {
      guard checkpoints.isEmpty else {
        throw InputError("--logits", "stands beside a checkpoint", remedy: "give one of them")
      }
      try question.requireNone(beside: "--logits")
      return [try LabelledAnswers(stored: logits)]
    }
    guard !checkpoints.isEmpty else {
      throw InputError("probe accuracy", "no checkpoint is given", remedy: "name one, or add --logits FILE")
    }
    let data = try question.load(for: "probe accuracy")
    let networks = try checkpoints.map { try data.classifier(URL(fileURLWithPath: $0), model: model) }
    let progress = question.progress
    progress.plan(checkpoints.map { (name: $0, cost: 1) })
    defer { progress.finish() }
    return try zip(checkpoints, networks).map { name, probed in
      progress.begin(name)
      return try LabelledAnswers(probed, on: data) { share in progress.update(share) { data.name } }
    }
  }
}
