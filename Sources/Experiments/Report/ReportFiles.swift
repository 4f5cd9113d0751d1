import Foundation
import Plotting
import Reporting
import Support
import Tensors

/// What is on disk of a report, whatever it says.
struct ReportFiles {
  let context: RunContext
  /// Name of the recipe beside the report.
  let recipeName: String

  /// Writes all files, the report itself last; beside each picture its table, which draws it again.
  ///
  /// - Parameters:
  ///   - report: made of the pictures.
  ///   - opening: what a slide shows; nil for the report's own opening.
  ///   - pictures: what the report shows.
  ///   - tables: tidy tables, for their own folder.
  /// - Returns: the report's path, and those of its pictures.
  /// - Throws: ``InputError`` if a folder cannot be written to, ``WorkError`` if a write fails.
  func write(_ report: Report, opening: Report? = nil, _ pictures: [ReportPicture], _ tables: DataFolder) throws
    -> (
      report: URL, pictures: [URL]
    )
  {
    let folders = context.folders
    try Folders.create(folders.report)
    // Two programs that write one report at once would mix their figures.
    let lock = try FolderLock(folders.report.path, remedy: "wait until it has written its report")
    defer { withExtendedLifetime(lock) {} }
    try tables.write(to: folders.tables)
    let figures = folders.report.appendingPathComponent("figures")
    try Folders.create(figures)
    for picture in pictures {
      try picture.figure.write(to: figures.appendingPathComponent("\(picture.name).png"))
      try context.forms.write(picture.figure, named: picture.name, to: figures)
      try FigureTable.write(picture.figure, named: picture.name, to: figures)
    }
    try AtomicFile.write(
      Data(context.asked.canonicalYAML.utf8), to: folders.report.appendingPathComponent(recipeName))
    let file = folders.report.appendingPathComponent("report.md")
    try context.forms.write(report, opening: opening, pictures, to: folders.report)
    try report.write(to: file)
    return (file, pictures.map { figures.appendingPathComponent("\($0.name).png") })
  }

  /// Where the numbers of a section's pictures are, and what draws one of them again in another size.
  func redrawing(_ pictures: [ReportPicture]) -> [Block] {
    guard let first = pictures.first else { return [] }
    func table(_ picture: ReportPicture) -> String { "figures/\(picture.name).csv" }
    let links = pictures.map { "[\(MarkdownText(code: "\($0.name).csv").markdown)](\(table($0)))" }
    let width = first.figure.width == Figure.oneColumn ? "85mm" : "180mm"
    let command = "\(programName) plot \(context.folders.reportPath)/\(table(first)) --style paper --width \(width)"
    return [
      .paragraph("Numbers: \(MarkdownText(markdown: links.joined(separator: ", "))); drawn again by \(code: command)")
    ]
  }

  /// The recipe as it was run, and where the tables are.
  var configuration: [Block] {
    let yaml = context.asked.canonicalYAML
    return [
      .heading(2, "Configuration"),
      .paragraph(
        "The recipe as it was run, every default written out (also beside this report as \(code: recipeName))."),
      .details(recipeName, [.code(yaml, language: "yaml")]),
      .paragraph("Every number here as tidy tables: `\(MarkdownText(plain: context.folders.tablesPath))/`."),
    ]
  }

  /// Which analysis this is, and what it sets otherwise than its run; nothing for the run's own report.
  var analysisNote: [Block] {
    let folders = context.folders
    guard let analysis = folders.analysis else { return [] }
    let settings = folders.settings.map(\.assignment).joined(separator: ", ")
    return [
      .paragraph(
        """
        Analysis \(code: analysis) of the run \(code: folders.name)\
        \(settings.isEmpty ? "" : ", with \(code: settings)"). The run's report by its own settings is \
        \(MarkdownText(markdown: "[report.md](../../report.md)")).
        """)
    ]
  }

  /// Which networks could not be trained; nothing where all could.
  var leftOutNote: [Block] {
    let trainings = context.leftOut.trainings
    guard !trainings.isEmpty else { return [] }
    return [
      .paragraph(
        """
        These trainings diverged, and the report is without them. A mean is over the seeds that a network has, a \
        difference over the seeds that both networks have.
        """),
      .list(trainings.map { "\($0.line)" }),
    ]
  }

  /// The command that writes this report again.
  var reportAgain: String {
    "\(programName) report \(context.folders.name)" + (context.folders.analysis.map { " --analysis \($0)" } ?? "")
  }

  /// Version, machine and times, with the commands that make the report again.
  func provenance(_ commands: [String]) -> [Block] {
    let recipe = context.asked
    return Provenance(
      version: programVersion, recipeHash: SHA256.hexDigest(of: recipe.canonicalYAML),
      seeds: recipe.seeds.map { UInt64(max(0, $0)) }, threads: Threads.count,
      stages: context.times.stages.map { Provenance.Stage($0.name, seconds: $0.seconds) }, commands: commands
    ).blocks
  }
}
