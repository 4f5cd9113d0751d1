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

  init(_ lesson: ConceptValidity, _ material: ValidityMaterial) {
    self.lesson = lesson
    self.material = material
  }

  /// The lesson's own way at a stage of training.
  func result(_ level: PartsLevel, _ stage: PartsStage) -> PartsResult? {
    material.results.first { $0.level == level && $0.setting.stage == stage && $0.setting.change.isEmpty }
  }

  /// The other ways of measuring, at the first level.
  var changed: [PartsResult] { material.results.filter { !$0.setting.change.isEmpty } }

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
    let report = report(pictures)
    try ReportForms(hasPage: true, hasSlide: true).write(report, pictures, to: lesson.folders.report)
    try report.write(to: file)
    return file
  }

  private var dataFolder: DataFolder {
    DataFolder(
      title: "Tables of the concept-validity lesson",
      introduction:
        "Everything that `reports/\(MarkdownText(plain: lesson.folders.name))/report.md` shows, as tidy tables.",
      files: [
        .init("dissociation", "One row per level, way of measuring and stage: the index over seeds.", indexTable),
        .init("seeds", "One row per level, way of measuring, stage and seed.", seedTable),
        .init("training", "One row per level, network and epoch.", trainingTable),
      ])
  }

  private static let keys: [Table.Column] = [
    .init("level", .text, "What was shown."), .init("stage", .text, "untrained, half-trained or trained."),
    .init("change", .text, "What differs from the lesson's own way of measuring; empty for that."),
    .init("layer", .text, "The layer that was measured."),
  ]

  private func key(_ result: PartsResult) -> [Cell] {
    [
      .text(result.level.rawValue), .text(result.setting.stage.rawValue), .text(result.setting.change),
      .text(result.setting.layer),
    ]
  }

  private var indexTable: Table {
    var table = Table(
      Self.keys + [
        .init("index", .number, "½ [AP_A(a) − AP_A(b) + AP_B(b) − AP_B(a)], mean over seeds."),
        .init("lower", .number, "Lower end of its 95 % Student t interval over seeds."),
        .init("upper", .number, "Upper end of the same interval."),
        .init("seeds", .integer, unit: "seeds", "Seeds behind it."),
        .init("verdict", .text, "passes, does not pass or not testable; of the trained networks alone."),
        .init("reason", .text, "Why nothing can be judged; empty where something can."),
      ])
    for result in material.results {
      let (index, isJudged) = (result.study.index, result.setting.stage == .trained)
      var reason = ""
      if case .notTestable(let why) = result.study.verdict { reason = why }
      table.append(
        key(result) + [
          Cell(index?.value), Cell(index?.lower), Cell(index?.upper), .integer(result.study.seeds.count),
          isJudged ? .text(result.study.verdict.word) : .empty, isJudged ? .text(reason) : .empty,
        ])
    }
    return table
  }

  private var seedTable: Table {
    var table = Table(
      Self.keys + [
        .init("seed", .integer, "Training seed."),
        .init("a_in_a", .number, "Average precision of A's cells in the maps of network a."),
        .init("a_in_b", .number, "Average precision of A's cells in the maps of network b."),
        .init("b_in_b", .number, "Average precision of B's cells in the maps of network b."),
        .init("b_in_a", .number, "Average precision of B's cells in the maps of network a."),
        .init("index", .number, "Half of the first minus the second plus the third minus the fourth."),
        .init("images", .integer, "Images whose maps could be used in both networks."),
      ])
    for result in material.results {
      for score in result.study.seeds {
        table.append(
          key(result) + [
            .integer(score.seed), .number(score.ownA), .number(score.otherA), .number(score.ownB),
            .number(score.otherB), .number(score.index), .integer(score.images),
          ])
      }
    }
    return table
  }

  private var trainingTable: Table {
    var table = Table([
      .init("level", .text, "What was shown."), .init("network", .text, "a learned part A, b part B."),
      .init("seed", .integer, "Training seed."), .init("epoch", .integer, unit: "epochs", "Epochs of training done."),
      .init("development_accuracy", .number, "Share of development images classified correctly."),
      .init("half_trained", .integer, "1 for the epoch that stands for the half-trained network."),
    ])
    for training in material.trainings {
      for network in PartsNetwork.allCases {
        let half = training.halfEpoch(network, chance: lesson.chanceAccuracy)
        for row in training.history(network).epochs {
          table.append([
            .text(training.level.rawValue), .text(network.rawValue), .integer(training.seed), .integer(row.epoch),
            Cell(row.developmentAccuracy), .integer(row.epoch == half ? 1 : 0),
          ])
        }
      }
    }
    return table
  }

  private func report(_ pictures: [ReportPicture]) -> Report {
    func shown(_ names: String...) -> [Block] { pictures.filter { names.contains($0.name) }.map(\.block) }
    var blocks: [Block] = [.paragraph(question), .paragraph(answer), .table(levelTable)] + shown("index", "gallery")
    if !changed.isEmpty {
      blocks += [.heading(2, "Measured in other ways"), .paragraph(ways), .table(changeTable)] + shown("ways")
    }
    blocks += [.heading(2, "Did the networks learn their parts?")] + shown("training")
    blocks += [.heading(2, "What this does not show"), .list(limits), .heading(2, "Method"), .list(method)]
    blocks.append(
      .paragraph("Every number as tidy tables: `notebooks-data/\(MarkdownText(plain: lesson.folders.name))/`."))
    return Report(
      title: "Is the instrument right? Who finds the part that a network uses?", blocks: blocks + provenance)
  }

  private var provenance: [Block] {
    let changed = ConceptValidity.entry.options.compactMap { option -> String? in
      let usual = ConceptValidity.defaults(at: lesson.level)[option.name] ?? option.defaultValue
      guard let value = lesson.options.values[option.name], value != usual else { return nil }
      return " --set '\(option.name)=\(value)'"
    }
    let isCounted = lesson.seeds == Array(1...lesson.seeds.count)
    // A list of one is told from a number by its brackets.
    let list = lesson.seeds.map(String.init).joined(separator: ",")
    let seeds = isCounted ? "\(lesson.seeds.count)" : lesson.seeds.count > 1 ? list : "[\(list)]"
    return Provenance(
      version: programVersion,
      recipeHash: SHA256.hexDigest(of: lesson.levels.map(lesson.trainingText).joined(separator: "\n")),
      seeds: lesson.seeds.map(UInt64.init),
      threads: Threads.count, stages: lesson.times.stages.map { .init($0.name, seconds: $0.seconds) },
      commands: [
        "\(programName) lesson concept-validity --minutes \(lesson.level.rawValue) --seeds \(seeds)\(changed.joined())"
      ]
    ).blocks
  }
}
