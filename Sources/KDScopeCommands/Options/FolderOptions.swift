import ArgumentParser
import Experiments

/// Where a question leaves its figures and tables.
struct FolderOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Folder for figures and tables. (default: none)", valueName: "dir"),
    completion: .directory)
  var out: String?

  @OptionGroup
  var figures: FigureOptions

  /// The folder, if one was asked for.
  ///
  /// - Parameter pages: written beside the report of the question; nil for one that has none.
  /// - Returns: nil where none was asked for.
  /// - Throws: ``InputError``, before any work, if it could not be written to.
  func folder(_ pages: PageOptions? = nil) throws -> ProbeFolder? {
    try out.map { try ProbeFolder($0, forms: ReportForms(figures, pages)) }
  }

  func validate() throws {
    if out == nil, !figures.figures.isEmpty {
      throw ValidationError("--figures: there is no folder to write figures into; add --out")
    }
  }
}
