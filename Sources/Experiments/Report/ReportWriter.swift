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

  /// Writes all files, the report itself last.
  ///
  /// - Returns: the report's path.
  /// - Throws: ``InputError`` if a folder cannot be written to, ``WorkError`` if a write fails.
  func write() throws -> URL {
    let folders = experiment.folders
    try material.dataFolder.write(to: folders.tables)
    let figures = folders.report.appendingPathComponent("figures")
    try Folders.create(figures)
    let pictures = material.pictures
    for picture in pictures { try picture.figure.write(to: figures.appendingPathComponent("\(picture.name).png")) }
    let file = folders.report.appendingPathComponent("report.md")
    try AtomicFile.write(
      Data(experiment.recipe.canonicalYAML.utf8), to: folders.report.appendingPathComponent("recipe.yaml"))
    try report(pictures).write(to: file)
    return file
  }

  private func report(_ pictures: [ReportPicture]) -> Report {
    var blocks: [Block] = [material.opening]
    if material.comparesProcedures {
      blocks += material.procedureBlocks
    } else {
      blocks.append(.heading(2, "Verdicts and numbers"))
      for layer in material.studies { blocks += material.verdictBlocks(layer) }
    }
    blocks.append(.heading(2, "Figures"))
    blocks += pictures.map { picture in
      .figure(
        ReportFigure(
          path: "figures/\(picture.name).png", alternative: picture.alternative, caption: picture.caption))
    }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks.append(.heading(2, "Method"))
    blocks += material.method
    blocks += [
      .heading(2, "Configuration"),
      .paragraph("The recipe as it was run, every default written out (also beside this report as `recipe.yaml`)."),
      .details("recipe.yaml", [.code(experiment.recipe.canonicalYAML, language: "yaml")]),
      .paragraph("Every number here as tidy tables: `notebooks-data/\(MarkdownText(plain: experiment.recipe.name))/`."),
    ]
    blocks += provenance.blocks
    return Report(title: "\(experiment.recipe.name): what distillation taught the student", blocks: blocks)
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
