import Foundation
import Support

/// What a lesson is told when it begins.
public struct LessonSetup {
  /// How long it may take.
  public let level: LessonLevel
  /// `key=value`: what is changed of what the lesson does by itself; later ones win.
  public let assignments: [String]
  /// Training seeds; nil for those of the level.
  public let seeds: [Int]?
  /// Processors to use; nil for all.
  public let threads: Int?
  /// The folder below which all files go.
  public let root: URL
  /// Shows how far the work is.
  public let progress: ProgressDisplay

  /// - Parameters: as the properties.
  public init(
    level: LessonLevel, assignments: [String] = [], seeds: [Int]? = nil, threads: Int? = nil, root: URL,
    progress: ProgressDisplay
  ) {
    self.level = level
    self.assignments = assignments
    self.seeds = seeds
    self.threads = threads
    self.root = root
    self.progress = progress
  }

  /// Name of the folders of a lesson: another one for each level.
  func folderName(_ lesson: String) -> String { "\(lesson)-\(level.rawValue)min" }
}

/// A teaching experiment of some minutes: a question, an experiment that answers it, and a page that says what to look
/// for in each figure.
public protocol Lesson: AnyObject {
  /// Where the files go.
  var folders: ExperimentFolders { get }

  /// What it would do, as text: a recipe, or its options.
  var plan: String { get }

  /// Does what is not done yet and writes the page.
  ///
  /// - Returns: the page's path.
  /// - Throws: ``WorkError`` if the work fails, ``Interrupted`` if it was stopped; what is finished is kept.
  func run() throws -> URL
}

/// The lessons that there are.
public enum LessonRegistry {
  /// All lessons that are a plan with a page, in the order of a course.
  package static var plans: [any LessonPlan.Type] {
    [
      CapacityGap.self, Temperature.self, DarkKnowledge.self, TeacherAssistant.self, EarlyStopping.self,
      SelfDistillation.self, LabelSmoothingOrKD.self, FidelityLesson.self, Patience.self, Schemes.self,
      ConceptsLesson.self,
    ]
  }

  /// Catalogue entries of all lessons.
  public static let entries: [CatalogEntry] = plans.map { $0.entry } + [ConceptValidity.entry]

  /// Makes a lesson by name.
  ///
  /// - Parameters:
  ///   - name: of an entry.
  ///   - setup: level, seeds, folders.
  /// - Returns: the lesson, ready to run.
  /// - Throws: ``InputError`` for an unknown name, or what cannot be changed so.
  public static func make(_ name: String, _ setup: LessonSetup) throws -> any Lesson {
    if name == ConceptValidity.entry.name { return try ConceptValidity(setup) }
    guard let plan = plans.first(where: { $0.entry.name == name }) else {
      throw InputError("lesson", "there is no lesson '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
    }
    return try PlannedLesson(plan, setup)
  }
}
