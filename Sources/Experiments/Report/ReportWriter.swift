import Foundation
import Plotting
import Reporting
import Support

/// Writes tables, figures and the report of a finished context.
struct ReportWriter {
  private let context: RunContext
  private let material: ReportMaterial
  /// H1, H2 and H3, each with its figure.
  private let hypotheses: [ReportSection]
  /// Behind the numbers.
  private let sections: [ReportSection]

  /// - Throws: what loading the data throws.
  init(_ context: RunContext, _ studies: [LayerStudy], _ results: RunResults, _ further: [ReportSection]) throws {
    self.context = context
    material = ReportMaterial(
      recipe: context.recipe, studies: studies, results: results, data: try context.data())
    hypotheses = material.hypothesisSections
    sections = material.sections + further
  }

  /// Writes all files.
  ///
  /// - Returns: the report's path, and those of its pictures.
  /// - Throws: as ``ReportFiles``.
  func write() throws -> (report: URL, pictures: [URL]) {
    let strip = material.stripPicture
    let layers = material.studies.map { (layer: $0, pictures: isPrimary($0) ? [] : material.pictures(of: $0)) }
    return try files.write(
      report(strip, layers),
      strip + (hypotheses + sections).flatMap(\.allPictures) + layers.flatMap(\.pictures),
      material.dataFolder(of: context.folders, sections))
  }

  /// Whether the layer's figures stand with the hypotheses.
  private func isPrimary(_ layer: LayerStudy) -> Bool { layer.name == material.primary?.name }

  /// What the run says in short.
  func outcome(report: URL) -> RunOutcome { material.outcome(report: report) }

  private var files: ReportFiles { ReportFiles(context: context, recipeName: "recipe.yaml") }

  /// Writes a model card for each student: `cards/STUDENT/README.md` beside the report.
  ///
  /// - Throws: ``WorkError`` if a card would be refused, and as ``write()``.
  func writeCards() throws {
    let folders = context.folders
    for student in material.students {
      let seed = context.seeds(of: student).first ?? context.firstSeed
      let file = folders.training(student, seed: seed).checkpoint(epoch: context.lastEpoch(of: student))
      let path = "runs/\(context.recipe.name)/seed-\(seed)/\(student)/\(file.lastPathComponent)"
      try material.card(of: student, checkpoint: path)?.write(to: folders.card(student))
    }
  }

  private func report(_ strip: [ReportPicture], _ layers: [(layer: LayerStudy, pictures: [ReportPicture])]) -> Report {
    func figures(of layer: LayerStudy) -> [Block] {
      let own = layers.first { $0.layer.name == layer.name }?.pictures ?? []
      return own.map(\.block) + files.redrawing(own)
    }
    var blocks: [Block] = material.firstScreen(strip.map(\.block)) + files.redrawing(strip) + files.analysisNote
    blocks += files.leftOutNote
    blocks += hypotheses.flatMap { $0.blocks(files.redrawing) }
    blocks += [.heading(2, material.recipe.analysis.measures ? "All networks" : "Accuracy"), material.opening]
    if !material.recipe.analysis.measures { blocks.append(.table(material.testTable)) }
    for layer in material.studies where layer.procedure == .fixedDistortion {
      blocks.append(.details("The numbers at \(layer.layer)", material.numberBlocks(layer) + figures(of: layer)))
    }
    blocks.append(.details("Accuracy, student by student", material.accuracyBlocks))
    blocks += material.procedureBlocks(figures)
    blocks += material.results.participants.blocks(beside: material.results.tests)
    blocks += sections.flatMap { $0.blocks(files.redrawing) }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks.append(.heading(2, "Method"))
    blocks += material.method
    blocks += files.configuration
    blocks.append(
      .paragraph("The tables for LaTeX, best of the students and the baseline in bold: [`tables/`](tables)."))
    blocks += files.provenance([
      "\(programName) run \(context.folders.reportPath)/recipe.yaml --out another-folder   # the whole job",
      "\(files.reportAgain)                                  # this report from the stored run",
    ])
    return Report(title: "\(context.recipe.name): what distillation taught the student", blocks: blocks)
  }
}
