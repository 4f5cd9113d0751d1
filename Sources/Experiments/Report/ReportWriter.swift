import Foundation
import Plotting
import Reporting
import Support

/// Writes tables, figures and the report of a finished context.
struct ReportWriter {
  private let context: RunContext
  private let material: ReportMaterial
  /// Behind the figures.
  private let sections: [ReportSection]

  /// - Throws: what loading the data throws.
  init(_ context: RunContext, _ studies: [LayerStudy], _ results: RunResults, _ further: [ReportSection]) throws {
    self.context = context
    material = ReportMaterial(
      recipe: context.recipe, studies: studies, results: results, data: try context.data())
    sections = material.sections + further
  }

  /// Writes all files.
  ///
  /// - Returns: the report's path, and those of its pictures.
  /// - Throws: as ``ReportFiles``.
  func write() throws -> (report: URL, pictures: [URL]) {
    let (primary, pictures) = (material.primaryPicture, material.pictures)
    return try files.write(
      report(primary, pictures), primary + pictures + sections.flatMap(\.pictures),
      material.dataFolder(of: context.folders, sections))
  }

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

  private func report(_ primary: [ReportPicture], _ pictures: [ReportPicture]) -> Report {
    func shown(_ pictures: [ReportPicture]) -> [Block] { pictures.flatMap { [$0.block, redrawing($0)] } }
    var blocks: [Block] = files.analysisNote + [material.opening] + files.leftOutNote
    blocks += material.questionBlocks(shown(primary))
    if !material.recipe.analysis.measures { blocks += [.heading(2, "Accuracy"), .table(material.testTable)] }
    let fixed = material.studies.filter { $0.procedure == .fixedDistortion }
    for layer in fixed {
      blocks.append(.details("The numbers at \(layer.layer)", material.numberBlocks(layer)))
    }
    blocks += material.procedureBlocks
    blocks.append(.details("Accuracy, student by student", material.accuracyBlocks))
    blocks += material.results.participants.blocks(beside: material.results.tests)
    blocks += [.heading(2, "Figures"), .details("Maps, gaps, concepts, training", shown(pictures))]
    blocks += sections.flatMap { $0.blocks(redrawing) }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks.append(.heading(2, "Method"))
    blocks += material.method
    blocks += files.configuration
    blocks.append(
      .paragraph("The tables for LaTeX, best of the students and the baseline in bold: [`tables/`](tables)."))
    blocks += files.provenance([
      "kdscope run \(context.folders.reportPath)/recipe.yaml --out another-folder   # the whole job",
      "\(files.reportAgain)                                  # this report from the stored run",
    ])
    return Report(title: "\(context.recipe.name): what distillation taught the student", blocks: blocks)
  }

  /// Where the picture's numbers are, and what draws them again in another size.
  private func redrawing(_ picture: ReportPicture) -> Block {
    let table = "figures/\(picture.name).csv"
    let path = "\(context.folders.reportPath)/\(table)"
    let width = picture.figure.width == Figure.oneColumn ? "85mm" : "180mm"
    return .paragraph(
      """
      Its numbers: [\(code: table)](\(MarkdownText(markdown: table))). To draw it again: \
      \(code: "kdscope plot \(path) --style paper --width \(width)")
      """)
  }
}
