import Analysis
import Foundation
import Plotting
import Reporting
import Statistics
import Support
import Tensors

/// Writes tables, figures and the report of the concept-validity lesson.
struct ValidityReport {
  let lesson: ConceptValidity
  let material: ValidityMaterial
  /// The trained network against every rival, in every number.
  let comparisons: [ValidityComparison]

  init(_ lesson: ConceptValidity, _ material: ValidityMaterial) {
    self.lesson = lesson
    self.material = material
    comparisons = material.study.comparisons(
      of: ConceptValidity.Role.trained.rawValue,
      with: ConceptValidity.Role.allCases.filter { $0 != .trained }.map(\.rawValue))
  }

  var study: ValidityStudy { material.study }
  var part: String { lesson.part.name }

  /// Writes all files, the report itself last.
  ///
  /// - Returns: the report's path.
  func write() throws -> URL {
    try dataFolder.write(to: lesson.folders.tables)
    let figures = lesson.folders.report.appendingPathComponent("figures")
    try Folders.create(figures)
    let pictures = try pictures
    for picture in pictures {
      try picture.figure.write(to: figures.appendingPathComponent("\(picture.name).png"), dpi: 150)
    }
    let file = lesson.folders.report.appendingPathComponent("report.md")
    try report(pictures).write(to: file)
    return file
  }

  private var dataFolder: DataFolder {
    DataFolder(
      title: "Tables of the concept-validity lesson",
      introduction:
        "Everything that `reports/\(MarkdownText(plain: lesson.folders.name))/report.md` shows, as tidy tables.",
      files: [
        .init("scores", "One row per network, layer and number that needs no threshold.", study.scoreTable),
        .init(
          "comparisons", "One row per number and rival of the trained network.", study.comparisonTable(comparisons)),
        .init(
          "places", "One row per network, layer, threshold, region and quantity: where the concepts lie.",
          study.placeTable(thresholds: ConceptStudy.curveThresholds)),
        .init("images", "One row per network, layer, seed and image.", study.imageTable),
        .init(
          "robustness", "One row per change that should make no difference: Spearman's rank correlation with the map.",
          ValidityTables.robustnessTable(material.checks, study: study)),
        .init("training", "One row per network and epoch.", trainingTable),
      ])
  }

  private var trainingTable: Table {
    var table = Table([
      .init("labels", .text, "true or shuffled."), .init("seed", .integer, "Training seed."),
      .init("epoch", .integer, unit: "epochs", "Epochs of training done."),
      .init("development_accuracy", .number, "Share of development images classified correctly, by their true labels."),
      .init("training_loss", .number, unit: "nats", "Mean cross-entropy with the labels that are trained on."),
      .init("half_trained", .integer, "1 for the epoch that stands for the half-trained network."),
    ])
    for training in material.trainings {
      for (labels, history) in [("true", training.history), ("shuffled", training.shuffled)] {
        for row in history.epochs {
          let isHalf = labels == "true" && row.epoch == training.halfEpoch(chance: lesson.chanceAccuracy)
          table.append([
            .text(labels), .integer(training.seed), .integer(row.epoch), .number(row.developmentAccuracy),
            Cell(row.terms.first ?? nil), .integer(isHalf ? 1 : 0),
          ])
        }
      }
    }
    return table
  }

  private func report(_ pictures: [ReportPicture]) -> Report {
    var blocks: [Block] = [.paragraph(question), .paragraph(answer), .heading(2, "Verdicts and numbers")]
    blocks += [
      .table(verdictTable), .table(scoreTable), .table(placeTable), .table(robustnessTable),
      .details("Every comparison", [.table(comparisonTable)]),
    ]
    blocks += [.heading(2, "Why"), .list(reasons), .heading(2, "Figures")]
    blocks += pictures.map {
      .figure(ReportFigure(path: "figures/\($0.name).png", alternative: $0.alternative, caption: $0.caption))
    }
    blocks += [.heading(2, "What this does not show"), .list(limits), .heading(2, "Method"), .list(method)]
    blocks.append(
      .paragraph("Every number as tidy tables: `notebooks-data/\(MarkdownText(plain: lesson.folders.name))/`."))
    return Report(
      title: "Is the instrument right? Concepts against a part that is known to matter", blocks: blocks + provenance)
  }

  private var provenance: [Block] {
    let isQuick = lesson.folders.name.hasSuffix("-quick")
    let changed = ConceptValidity.entry.options.compactMap { option -> String? in
      let usual = isQuick ? ConceptValidity.quick[option.name] ?? option.defaultValue : option.defaultValue
      guard let value = lesson.options.values[option.name], value != usual else { return nil }
      return " --set '\(option.name)=\(value)'"
    }
    let isCounted = lesson.seeds == Array(1...lesson.seeds.count)
    // A list of one is told from a number by its brackets.
    let list = lesson.seeds.map(String.init).joined(separator: ",")
    let seeds = isCounted ? "\(lesson.seeds.count)" : lesson.seeds.count > 1 ? list : "[\(list)]"
    return Provenance(
      version: programVersion, recipeHash: SHA256.hexDigest(of: lesson.trainingText),
      seeds: lesson.seeds.map(UInt64.init),
      threads: Threads.count, stages: lesson.times.stages.map { .init($0.name, seconds: $0.seconds) },
      commands: [
        "kdscope lesson concept-validity\(isQuick ? " --quick" : "") --seeds \(seeds)\(changed.joined())"
      ]
    ).blocks
  }
}
