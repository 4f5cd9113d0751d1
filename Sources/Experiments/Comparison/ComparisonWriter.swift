import Foundation
import Reporting
import Support

/// Writes tables, figures and the report of a comparison.
struct ComparisonWriter {
  private let context: RunContext
  private let material: ComparisonMaterial
  /// What was asked beside concepts.
  private let further: [ReportSection]

  init(_ context: RunContext, _ material: ComparisonMaterial, _ further: [ReportSection]) {
    self.context = context
    self.material = material
    self.further = further
  }

  /// Writes all files.
  ///
  /// - Returns: the report's path, and those of its pictures.
  /// - Throws: as ``ReportFiles``.
  func write() throws -> (report: URL, pictures: [URL]) {
    let (strip, pictures) = (material.stripPicture, material.pictures)
    return try files.write(
      report(strip, pictures), strip + pictures + further.flatMap(\.allPictures),
      material.dataFolder(of: context.folders).with(further.flatMap(\.files)))
  }

  /// Not recipe.yaml: that may be the recipe that was asked for, with its comments.
  private var files: ReportFiles { ReportFiles(context: context, recipeName: "comparison.yaml") }

  private func report(_ strip: [ReportPicture], _ pictures: [ReportPicture]) -> Report {
    func figures(_ names: String...) -> [Block] {
      let shown = pictures.filter { names.contains($0.name) }
      return shown.map(\.block) + files.redrawing(shown)
    }
    let name = context.recipe.name
    var blocks = material.firstScreen(strip.map(\.block)) + files.redrawing(strip) + files.analysisNote
    blocks += files.leftOutNote
    blocks += [.heading(2, "Ranking")] + figures("accuracy") + [.list(material.findings)]
    blocks.append(.details("The ranking in numbers", [.table(material.rankingTable)]))
    blocks += [.heading(2, "Fidelity, calibration and cost")] + figures("fidelity")
    blocks.append(.details("All numbers", figures("answers") + [.table(material.answerTable)]))
    if material.recipe.analysis.measures {
      blocks += [.heading(2, "What the methods teach")] + material.conceptBlocks { figures("concepts\($0)") }
    }
    blocks += material.results.participants.blocks(beside: material.results.tests)
    blocks += further.flatMap { $0.blocks(files.redrawing) }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks += [.heading(2, "Method")] + material.setting + [.list(material.method), .table(material.lossTable)]
    blocks += files.configuration
    let methods = context.asked.students.map(\.comparedArgument).joined(separator: " ")
    let budget = material.hasUnequalBudgets ? " --budget joint" : ""
    blocks += files.provenance([
      "\(programName) compare \(methods)\(budget) --recipe \(context.folders.reportPath)/comparison.yaml --out another-folder",
      "\(files.reportAgain)   # this report from the stored run",
    ])
    return Report(title: "\(name): \(material.recipe.students.count) ways of distilling, compared", blocks: blocks)
  }
}
