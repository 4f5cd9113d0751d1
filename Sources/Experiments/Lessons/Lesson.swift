import Analysis
import Foundation
import Support

/// What a lesson is told when it begins.
public struct LessonSetup {
  /// The lesson's own options, checked, defaults filled in.
  public let options: Options
  /// Training seeds, at least one.
  public let seeds: [Int]
  /// Whether the quick variant is wanted; it has folders of its own.
  public let isQuick: Bool
  /// The folder below which all files go.
  public let root: URL
  /// Shows how far the work is.
  public let progress: ProgressDisplay

  /// - Parameters: as the properties.
  public init(options: Options, seeds: [Int], isQuick: Bool, root: URL, progress: ProgressDisplay) {
    self.options = options
    self.seeds = seeds
    self.isQuick = isQuick
    self.root = root
    self.progress = progress
  }
}

/// A teaching experiment of some minutes: a question, an experiment that answers it, and a report that says what to
/// look for in each figure.
public protocol Lesson: AnyObject {
  /// Name, question and options.
  static var entry: CatalogEntry { get }
  /// What `--quick` changes in the options' defaults.
  static var quick: [String: OptionValue] { get }

  /// - Throws: ``InputError`` if the options do not fit together; no work is done yet.
  init(_ setup: LessonSetup) throws

  /// Where the files go.
  var folders: ExperimentFolders { get }

  /// Does what is not done yet and writes the report.
  ///
  /// - Returns: the report's path.
  /// - Throws: ``WorkError`` if the work fails, ``Interrupted`` if it was stopped; what is finished is kept.
  func run() throws -> URL
}

/// The lessons that there are.
public enum LessonRegistry {
  /// Number of seeds unless another is asked for: what verdicts need at least.
  public static let defaultSeeds = DissociationStudy.fewestSeeds
  /// Number of seeds of the quick variants, which show and do not judge.
  public static let quickSeeds = 2

  /// All lessons; adding one here lists it.
  public static var lessons: [any Lesson.Type] { [ConceptValidity.self] }

  /// Catalogue entries in the same order.
  public static let entries: [CatalogEntry] = lessons.map { $0.entry }

  /// Makes a lesson by name.
  ///
  /// - Parameters:
  ///   - name: of an entry.
  ///   - assignments: `key=value` for options, later ones win.
  ///   - isQuick: whether the quick variant's defaults are wanted.
  ///   - setup: is given the checked options.
  /// - Returns: the lesson, ready to run.
  /// - Throws: ``InputError`` for an unknown name or a wrong option.
  public static func make(
    _ name: String, assignments: [String], isQuick: Bool, _ setup: (Options) -> LessonSetup
  ) throws -> any Lesson {
    guard let lesson = lessons.first(where: { $0.entry.name == name }) else {
      throw InputError("lesson", "there is no lesson '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
    }
    var values = isQuick ? lesson.quick : [:]
    for assignment in assignments {
      let override = try Override(assignment)
      let key = override.path.joined(separator: ".")
      guard let option = lesson.entry.options.first(where: { $0.name == key }) else {
        throw InputError(
          "--set \(key)", "'\(key)' is no option of \(name)", remedy: nearest(key, in: lesson.entry.options.map(\.name))
        )
      }
      values[key] = try override.value.optionValue(option.kind, of: key)
      _ = try Options([key: values[key] ?? .text("")], for: lesson.entry, at: "--set \(key)")
    }
    return try lesson.init(setup(Options(values, for: lesson.entry, at: "lesson \(name)")))
  }
}
