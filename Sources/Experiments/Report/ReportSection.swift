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
  /// What is folded even where the section is open: its summary and its figures.
  var further: (summary: String, pictures: [ReportPicture]) = ("", [])
  /// Whether all but the title is folded.
  var isFolded = true
  /// Tidy tables behind it.
  var files: [DataFolder.File] = []

  /// Those that are shown at once and those that are folded.
  var allPictures: [ReportPicture] { pictures + further.pictures }

  /// As a report shows it.
  ///
  /// - Parameter redrawing: what is said of the data of all figures, at the end; nothing for none.
  /// - Returns: heading and blocks.
  func blocks(_ redrawing: ([ReportPicture]) -> [Block]) -> [Block] {
    var inner = before + pictures.map(\.block) + after
    if !further.pictures.isEmpty { inner.append(.details(further.summary, further.pictures.map(\.block))) }
    inner += redrawing(allPictures)
    return [.heading(2, title)] + (isFolded ? [.details("Tables and figures", inner)] : inner)
  }
}

/// A figure to be drawn, and how the report presents it.
package struct ReportPicture {
  /// The file's name without `.png`, saying what it shows.
  let name: String
  /// What is drawn.
  let figure: Figure
  /// What it is, for those who cannot see it.
  let alternative: String
  /// What to see in it.
  let caption: MarkdownText

  /// Where the report finds it.
  var path: String { "figures/\(name).png" }

  /// As the report shows it.
  var block: Block {
    .figure(ReportFigure(path: path, alternative: alternative, caption: caption))
  }
}
