import Foundation
import Plotting
import Reporting
import Support
import Tensors

/// Writes tables, figures and the report of a finished experiment.
struct ReportWriter {
  private let experiment: Experiment
  private let material: ReportMaterial

  /// - Throws: what loading the data throws.
  init(_ experiment: Experiment, _ studies: [LayerStudy], _ results: RunResults) throws {
    self.experiment = experiment
    material = ReportMaterial(
      recipe: experiment.recipe, studies: studies, results: results, data: try experiment.data())
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
    let file = folders.report.appendingPathComponent("report.md")
    try AtomicFile.write(
      Data(experiment.recipe.canonicalYAML.utf8), to: folders.report.appendingPathComponent("recipe.yaml"))
    try report(pictures).write(to: file)
    return (file, pictures.map { figures.appendingPathComponent("\($0.name).png") })
  }

  /// Writes a model card for each student: `cards/STUDENT/README.md` beside the report.
  ///
  /// - Throws: ``WorkError`` if a card would be refused, and as ``write()``.
  func writeCards() throws {
    let folders = experiment.folders
    for student in material.students {
      let file = folders.training(student, seed: experiment.firstSeed)
        .checkpoint(epoch: experiment.lastEpoch(of: student))
      let path = "runs/\(experiment.recipe.name)/seed-\(experiment.firstSeed)/\(student)/\(file.lastPathComponent)"
      try material.card(of: student, checkpoint: path)?.write(to: folders.card(student))
    }
  }

  private func report(_ pictures: [ReportPicture]) -> Report {
    var blocks: [Block] = [material.opening]
    if material.comparesProcedures {
      blocks += material.procedureBlocks
    } else {
      blocks.append(.heading(2, "Verdicts and numbers"))
      for layer in material.studies { blocks += material.verdictBlocks(layer) }
    }
    blocks += material.accuracyBlocks
    blocks.append(.heading(2, "Figures"))
    for picture in pictures where picture.section == nil { blocks += [picture.block, redrawing(picture)] }
    for section in material.sections {
      blocks.append(.heading(2, section.title))
      blocks += section.before
      for picture in pictures where picture.section == section.name { blocks += [picture.block, redrawing(picture)] }
      blocks += section.after
    }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks.append(.heading(2, "Method"))
    blocks += material.method
    blocks += [
      .heading(2, "Configuration"),
      .paragraph("The recipe as it was run, every default written out (also beside this report as `recipe.yaml`)."),
      .details("recipe.yaml", [.code(experiment.recipe.canonicalYAML, language: "yaml")]),
      .paragraph("Every number here as tidy tables: `notebooks-data/\(MarkdownText(plain: experiment.recipe.name))/`."),
      .paragraph("The tables for LaTeX, best of the students and the baseline in bold: [`tables/`](tables)."),
    ]
    blocks += provenance.blocks
    return Report(title: "\(experiment.recipe.name): what distillation taught the student", blocks: blocks)
  }

  /// Where the picture's numbers are, and what draws them again in another size.
  private func redrawing(_ picture: ReportPicture) -> Block {
    let table = "figures/\(picture.name).csv"
    let path = "reports/\(experiment.recipe.name)/\(table)"
    let width = picture.figure.width == Figure.oneColumn ? "85mm" : "180mm"
    return .paragraph(
      """
      Its numbers: [\(code: table)](\(MarkdownText(markdown: table))). To draw it again: \
      \(code: "kdscope plot \(path) --style paper --width \(width)")
      """)
  }

  private var provenance: Provenance {
    let name = experiment.recipe.name
    return Provenance(
      version: programVersion, recipeHash: SHA256.hexDigest(of: experiment.recipe.canonicalYAML),
      seeds: experiment.recipe.seeds.map { UInt64(max(0, $0)) }, threads: Threads.count,
      stages: experiment.times.stages.map { Provenance.Stage($0.name, seconds: $0.seconds) },
      commands: [
        "kdscope run reports/\(name)/recipe.yaml --out another-folder   # the whole job",
        "kdscope report \(name)                                  # this report from the stored run",
      ])
  }
}
