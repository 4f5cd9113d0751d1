import Foundation
import Support

/// A piece of a report.
public indirect enum Block: Sendable, Equatable {
  /// A heading of level 2 (a section) to 6; level 1 is the report's title.
  case heading(Int, MarkdownText)
  /// A paragraph.
  case paragraph(MarkdownText)
  /// A bulleted list.
  case list([MarkdownText])
  /// A table.
  case table(ReportTable)
  /// A figure.
  case figure(ReportFigure)
  /// Blocks that are folded away under a summary, in plain text, where the viewer can fold.
  case details(String, [Block])
  /// Code or commands, in a language ("sh", "yaml", "") that a viewer may colour.
  case code(String, language: String)
}

/// A picture with a caption that says what to see in it.
public struct ReportFigure: Sendable, Equatable {
  /// Path of the picture relative to the report.
  public let path: String
  /// What the picture is, for those who cannot see it.
  public let alternative: String
  /// What to see in it.
  public let caption: MarkdownText

  /// - Parameters:
  ///   - path: relative to the report's folder, without `..`.
  ///   - alternative: what the picture is, in a few words.
  ///   - caption: what to see in it.
  public init(path: String, alternative: String, caption: MarkdownText) {
    precondition(
      !path.hasPrefix("/") && !path.split(separator: "/").contains(".."), "ReportFigure: path \(path) leaves the report"
    )
    self.path = path
    self.alternative = alternative
    self.caption = caption
  }
}

/// A document that opens on GitHub as it is, and reads well in a plain viewer.
public struct Report: Sendable, Equatable {
  /// The title.
  public var title: MarkdownText
  /// The pieces, in order.
  public var blocks: [Block]

  /// - Parameters:
  ///   - title: the title.
  ///   - blocks: the pieces, in order.
  public init(title: MarkdownText, blocks: [Block] = []) {
    self.title = title
    self.blocks = blocks
  }

  /// The document in GitHub-flavoured markdown; figures and captioned tables are numbered in order.
  public var markdown: String {
    var renderer = MarkdownRenderer()
    let parts = ["# \(title.markdown.replacingLineEnds())"] + blocks.map { renderer.markdown(of: $0) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Writes the document, making its folder if need be, and its captioned tables for LaTeX beside it in `tables/`.
  ///
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if the write fails.
  public func write(to url: URL) throws {
    let folder = url.deletingLastPathComponent()
    try Folders.create(folder)
    try writeLaTeX(to: folder)
    try AtomicFile.write(Data(markdown.utf8), to: url)
  }
}
