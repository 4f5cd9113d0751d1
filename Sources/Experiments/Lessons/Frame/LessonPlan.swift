import Reporting
import Support

/// A lesson as a plan with a page: what is trained at each level, what is asked before, what is claimed and shown after.
///
/// The frame trains, measures, judges and writes; a lesson says what, in at most 200 lines.
package protocol LessonPlan {
  /// Name, question, and the paper that it comes from.
  static var entry: CatalogEntry { get }

  /// What a reader knows afterwards, in a paragraph.
  static var aim: MarkdownText { get }

  /// What to predict before looking on.
  static var predictions: [LessonPrediction] { get }

  /// The recipe in YAML, without name; its networks are the lesson's arms.
  static func recipe(at level: LessonLevel) -> String

  /// Networks that are judged as they were inside of their training, too; none for most lessons.
  static func moments(at level: LessonLevel) -> [LessonMoment]

  /// Why the arms are as they are, in a paragraph.
  static var design: MarkdownText { get }

  /// What is judged, fixed before anything is trained; together, so that Holm's correction counts all of them.
  static func claims(at level: LessonLevel) -> [LessonClaim]

  /// Figures, tables and what follows from them, in the order of the page.
  ///
  /// - Throws: what measuring something of the lesson's own throws.
  static func sections(_ material: LessonMaterial) throws -> [LessonSection]

  /// Questions about the page, with the answers that go into a file of their own.
  static func questions(_ material: LessonMaterial) -> [LessonQuestion]

  /// Commands to go on with, beside those that every lesson has.
  static func commands(_ material: LessonMaterial) -> [LessonCommandLine]
}

extension LessonPlan {
  /// None.
  package static func moments(at level: LessonLevel) -> [LessonMoment] { [] }
}

/// A network as it was after an epoch of its training.
package struct LessonMoment {
  /// The network's arm.
  package let role: String
  package let epoch: Int

  package init(_ role: String, at epoch: Int) {
    self.role = role
    self.epoch = epoch
  }

  /// What claims and tables call it.
  package var name: String { "\(role) at epoch \(epoch)" }

  /// Networks at all of some epochs but the last, at which they are what their trainings end with.
  static func within(_ epochs: [Int], _ roles: [String]) -> [LessonMoment] {
    roles.flatMap { role in epochs.dropLast().map { LessonMoment(role, at: $0) } }
  }

  /// What a network is called at one of some epochs, the last of which ends its training.
  static func name(_ role: String, at epoch: Int, of epochs: [Int]) -> String {
    epoch == epochs.last ? role : LessonMoment(role, at: epoch).name
  }
}

/// A piece of a lesson's page: what was found, with the pictures that show it.
package struct LessonSection {
  /// Its heading.
  package let title: MarkdownText
  /// What stands before the pictures.
  package var before: [Block] = []
  /// In their order.
  package var pictures: [ReportPicture] = []
  /// What stands behind them.
  package var after: [Block] = []
  /// Tidy tables behind it.
  package var files: [DataFolder.File] = []
}

/// A question to be answered before the page is read.
package struct LessonPrediction: Sendable {
  package let question: MarkdownText
  /// Where the page answers it: section, panel, planned difference.
  package let look: MarkdownText

  package init(_ question: MarkdownText, look: MarkdownText) {
    self.question = question
    self.look = look
  }
}

/// A question for the class.
package struct LessonQuestion {
  package let question: MarkdownText
  package let answer: MarkdownText

  package init(_ question: MarkdownText, answer: MarkdownText) {
    self.question = question
    self.answer = answer
  }
}

/// A line of the worksheet: what to find out, and the command, from the folder that the lesson was run in.
package struct LessonCommandLine {
  package let purpose: MarkdownText
  package let command: String

  package init(_ purpose: MarkdownText, _ command: String) {
    self.purpose = purpose
    self.command = command
  }

  /// What stands before the command: a question as it is.
  var lead: MarkdownText { purpose.markdown.hasSuffix("?") ? purpose : "\(purpose):" }
}
