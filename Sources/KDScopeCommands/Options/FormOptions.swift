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

/// Pages that are written beside a report in markdown.
struct PageOptions: ParsableArguments {
  @Flag(name: .long, help: "Also write report.html, the report as one page with all its figures. (default: none)")
  var html = false

  @Flag(name: .long, help: "Also write slide.html, what was found as one page of 16:9 to project. (default: none)")
  var slide = false
}

/// What a report is written as beside markdown.
struct FormOptions: ParsableArguments {
  @OptionGroup
  var figures: FigureOptions

  @OptionGroup
  var pages: PageOptions

  var forms: ReportForms { ReportForms(figures, pages) }

  /// The paths of what is asked for, one a line.
  func lines(_ folders: ExperimentFolders) -> String {
    ((pages.html ? [folders.page.path] : []) + (pages.slide ? [folders.slide.path] : [])).map { $0 + "\n" }.joined()
  }
}

extension ReportForms {
  /// What options ask for.
  init(_ figures: FigureOptions, _ pages: PageOptions?) {
    self.init(figures: Set(figures.figures), hasPage: pages?.html ?? false, hasSlide: pages?.slide ?? false)
  }
}
