import Reporting

/// What a reader sees first, in the order of reading.
package struct FirstScreen {
  private let sentence: MarkdownText
  private let questions: ReportTable
  private let strip: [Block]
  private let sizes: Block

  /// - Parameters:
  ///   - sentence: what was found.
  ///   - questions: the answers, questions as rows and students as columns.
  ///   - strip: the same as a figure; empty where nothing has an interval.
  ///   - sizes: what the answers rest on.
  package init(sentence: MarkdownText, questions: ReportTable, strip: [Block], sizes: Block) {
    self.sentence = sentence
    self.questions = questions
    self.strip = strip
    self.sizes = sizes
  }

  package var blocks: [Block] { [.paragraph(sentence), .table(questions)] + strip + [sizes] }
}
