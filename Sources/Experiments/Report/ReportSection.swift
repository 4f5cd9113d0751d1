import Plotting
import Reporting

/// A section of a report, whatever it is about: what stands in it, its figures and its tables. The reports of runs,
/// comparisons and measurements are lists of sections.
struct ReportSection {
  let title: MarkdownText
  /// What stands before the figures.
  var before: [Block] = []
  /// In their order.
  var pictures: [ReportPicture] = []
  /// What stands after them.
  var after: [Block] = []
  /// Tidy tables behind it.
  var files: [DataFolder.File] = []

  /// As a report shows it, folded behind its title.
  ///
  /// - Parameter redrawing: what stands under a picture; nil for nothing.
  /// - Returns: heading and folded blocks.
  func blocks(_ redrawing: (ReportPicture) -> Block?) -> [Block] {
    let shown = pictures.flatMap { [$0.block, redrawing($0)].compactMap(\.self) }
    return [.heading(2, title), .details("Tables and figures", before + shown + after)]
  }
}

/// A figure to be drawn, and how the report presents it.
struct ReportPicture {
  /// The file's name without `.png`, saying what it shows.
  let name: String
  /// What is drawn.
  let figure: Figure
  /// What it is, for those who cannot see it.
  let alternative: String
  /// What to see in it.
  let caption: MarkdownText

  /// As the report shows it.
  var block: Block {
    .figure(ReportFigure(path: "figures/\(name).png", alternative: alternative, caption: caption))
  }
}
