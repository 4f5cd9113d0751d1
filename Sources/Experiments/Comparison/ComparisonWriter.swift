import Foundation
import Reporting

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
    let pictures = material.pictures
    return try files.write(
      report(pictures), pictures + further.flatMap(\.allPictures),
      material.dataFolder(of: context.folders).with(further.flatMap(\.files)))
  }

  /// Not recipe.yaml: that may be the recipe that was asked for, with its comments.
  private var files: ReportFiles { ReportFiles(context: context, recipeName: "comparison.yaml") }

  private func report(_ pictures: [ReportPicture]) -> Report {
    func figures(_ names: String...) -> [Block] {
      pictures.filter { names.contains($0.name) }.map(\.block)
    }
    let name = context.recipe.name
    var blocks = files.analysisNote + material.opening + files.leftOutNote
    blocks += [.heading(2, "Ranking"), .table(material.rankingTable)] + figures("accuracy")
    blocks += [.heading(2, "What the numbers show"), .list(material.findings)]
    blocks += [.heading(2, "Fidelity, calibration and cost"), .table(material.answerTable)]
    blocks += figures("fidelity", "answers")
    if material.recipe.analysis.measures {
      blocks += [.heading(2, "What the methods teach")] + material.conceptBlocks { figures("concepts\($0)") }
    }
    blocks += material.results.participants.blocks(beside: material.results.tests)
    blocks += further.flatMap { $0.blocks { _ in [] } }
    blocks += [.heading(2, "What this does not show"), .list(material.limits)]
    blocks += [.heading(2, "Method"), .list(material.method), .table(material.lossTable)]
    blocks += files.configuration
    let methods = context.asked.students.map(\.comparedArgument).joined(separator: " ")
    let budget = material.hasUnequalBudgets ? " --budget joint" : ""
    blocks += files.provenance([
      "kdscope compare \(methods)\(budget) --recipe \(context.folders.reportPath)/comparison.yaml --out another-folder",
      "\(files.reportAgain)   # this report from the stored run",
    ])
    return Report(title: "\(name): \(material.recipe.students.count) ways of distilling, compared", blocks: blocks)
  }
}
