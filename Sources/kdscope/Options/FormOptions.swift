import ArgumentParser
import Experiments
import Plotting

extension FigureFormat: ExpressibleByArgument {}

/// What figures are written as beside PNG.
struct FigureOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Write each figure in this form too; repeatable. (default: png alone)", valueName: "format"))
  var figures: [FigureFormat] = []
}

/// What a report is written as beside markdown.
struct FormOptions: ParsableArguments {
  @OptionGroup
  var figures: FigureOptions

  @Flag(name: .long, help: "Also write report.html, the report as one page with all its figures. (default: none)")
  var html = false

  @Flag(name: .long, help: "Also write slide.html, what was found as one page of 16:9 to project. (default: none)")
  var slide = false

  var forms: ReportForms { ReportForms(figures: Set(figures.figures), hasPage: html, hasSlide: slide) }

  /// The paths of what is asked for, one a line.
  func lines(_ folders: ExperimentFolders) -> String {
    ((html ? [folders.page.path] : []) + (slide ? [folders.slide.path] : [])).map { $0 + "\n" }.joined()
  }
}
