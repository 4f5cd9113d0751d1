import Foundation
import Plotting
import Reporting
import Support
import Tensors

/// Writes tables, figures and the report of a comparison.
struct ComparisonWriter {
  private let experiment: Experiment
  private let material: ComparisonMaterial

  init(_ experiment: Experiment, _ material: ComparisonMaterial) {
    self.experiment = experiment
    self.material = material
  }

  /// Writes all files, the report itself last; beside each picture its table, which draws it again.
  ///
  /// - Returns: the report's path, and those of its pictures.
  /// - Throws: ``InputError`` if a folder cannot be written to, ``WorkError`` if a write fails.
  func write() throws -> (report: URL, pictures: [URL]) {
    let folders = experiment.folders
    try Folders.create(folders.report)
    // Two programs that write one report at once would mix their figures.
    let lock = try FolderLock(folders.report.path, remedy: "wait until it has written its report")
    defer { withExtendedLifetime(lock) {} }
    try material.dataFolder.write(to: folders.tables)
    let figures = folders.report.appendingPathComponent("figures")
    try Folders.create(figures)
    let pictures = material.pictures
    for picture in pictures {
      try picture.figure.write(to: figures.appendingPathComponent("\(picture.name).png"))
      try FigureTable.write(picture.figure, named: picture.name, to: figures)
    }
    // Not recipe.yaml: that may be the recipe that was asked for, with its comments.
    try AtomicFile.write(
      Data(experiment.recipe.canonicalYAML.utf8), to: folders.report.appendingPathComponent("comparison.yaml"))
    let file = folders.report.appendingPathComponent("report.md")
    try report(pictures).write(to: file)
    return (file, pictures.map { figures.appendingPathComponent("\($0.name).png") })
  }

  private func report(_ pictures: [ReportPicture]) -> Report {
    func figures(_ names: String...) -> [Block] {
      pictures.filter { names.contains($0.name) }.map(\.block)
    }
    let name = experiment.recipe.name
    var blocks = material.opening
    blocks += [.heading(2, "Ranking"), .table(material.rankingTable)] + figures("accuracy")
    blocks += [.heading(2, "What the numbers show"), .list(material.findings)]
    blocks += [.heading(2, "Fidelity, calibration and cost"), .table(material.answerTable)]
    blocks += figures("fidelity", "answers")
    blocks += [.heading(2, "What the methods teach")] + material.conceptBlocks { figures("concepts\($0)") }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks += [.heading(2, "Method"), .list(material.method), .table(material.lossTable)]
    blocks += [
      .heading(2, "Configuration"),
      .paragraph("The recipe as it was run, every default written out (also beside this report as `comparison.yaml`)."),
      .details("comparison.yaml", [.code(experiment.recipe.canonicalYAML, language: "yaml")]),
      .paragraph("Every number here as tidy tables: `notebooks-data/\(MarkdownText(plain: name))/`."),
    ]
    blocks += provenance.blocks
    return Report(title: "\(name): \(material.recipe.students.count) ways of distilling, compared", blocks: blocks)
  }

  private var provenance: Provenance {
    let recipe = experiment.recipe
    return Provenance(
      version: programVersion, recipeHash: SHA256.hexDigest(of: recipe.canonicalYAML),
      seeds: recipe.seeds.map { UInt64(max(0, $0)) }, threads: Threads.count,
      stages: experiment.times.stages.map { Provenance.Stage($0.name, seconds: $0.seconds) },
      commands: [
        "kdscope compare \(recipe.students.map(\.comparedArgument).joined(separator: " ")) "
          + "--recipe reports/\(recipe.name)/comparison.yaml --out another-folder",
        "kdscope report \(recipe.name)   # this report from the stored run",
      ])
  }
}
