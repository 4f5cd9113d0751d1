import Analysis
import ArgumentParser
import Experiments
import Foundation

/// `kdscope probe accuracy`.
struct AccuracyProbe: CheckpointReading {
  static let configuration = CommandConfiguration(
    commandName: "accuracy", abstract: "Accuracy, per-class scores and calibration of checkpoints on a data set.",
    discussion: """
      Prints accuracy with Wilson's interval, calibration with its bins, precision, recall and F1 of each class, and \
      the confusion matrix. With --out: also reliability.png, confusion.png and calibration.csv, classes.csv, \
      confusion.csv in that folder. With --json: a list, one object for each checkpoint: "checkpoint", "images", \
      "accuracy" (value, lower, upper, count, method), "nll", "brier", "ece", "mce", "ece_equal_mass", \
      "ece_classwise", "temperature" (fitted on the development split), "at_end_of_range" (true where no temperature fits best), \
      "ece_at_temperature", "binning", "bins", "classes", "confusion" (rows: true classes; null for more than 100).
      """)

  @OptionGroup
  var asked: CheckpointArguments

  @OptionGroup
  var images: DataOptions

  @OptionGroup
  var part: SplitOptions

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
    let data = try images.load(part.split)
    let networks = try asked.urls.map { try data.classifier($0, model: asked.model) }
    let answers = try networks.map { try NetworkQuality($0, on: data, bins: bins, binning: binning) }
    let pages = zip(networks, answers).map { AccuracyPage(path: $0.url.path, quality: $1) }
    try folder?.write(QualityFiles(zip(asked.checkpoints, answers).map { (name: $0, quality: $1) }))
    try output.print(.list(pages.map(\.document)), text: pages.map(\.text).joined(separator: "\n"))
  }
}
