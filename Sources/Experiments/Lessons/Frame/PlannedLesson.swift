import Foundation
import Reporting
import Support

/// Carries out a plan: trains its arms as a run like any other, which resumes and tells its progress, and writes its page.
final class PlannedLesson: Lesson {
  private let arms: any LessonPlan.Type
  private let setup: LessonSetup
  private let recipe: Recipe

  /// Where the files go.
  let folders: ExperimentFolders

  /// - Throws: ``InputError`` for a change that the recipe cannot take.
  init(_ arms: any LessonPlan.Type, _ setup: LessonSetup) throws {
    self.arms = arms
    self.setup = setup
    // One a line: a recipe's lines have a largest length.
    let seeds = setup.seeds.map { ["seeds=[" + $0.map(String.init).joined(separator: ",\n") + "]"] } ?? []
    recipe = try Recipe.read(
      yaml: arms.recipe(at: setup.level), at: "lesson \(arms.entry.name)", name: setup.folderName(arms.entry.name),
      vocabulary: .standard,
      overrides: setup.assignments + seeds + (setup.threads.map { ["threads=\($0)"] } ?? []))
    folders = ExperimentFolders(root: setup.root, name: recipe.name)
  }

  /// The recipe with every default.
  var plan: String { recipe.canonicalYAML }

  /// Trains, measures, and writes the page; what is there already is not done again.
  func run() throws -> URL {
    let experiment = Experiment(recipe, folders, progress: setup.progress)
    // A class opens the page in a browser, and the lecturer projects the slide.
    experiment.forms = ReportForms(hasPage: true, hasSlide: true)
    defer { setup.progress.finish() }
    let studies = try experiment.carryOut()
    let material = try LessonMaterial(experiment, studies, at: setup.level, moments: arms.moments(at: setup.level))
    return try LessonPage(arms, material, experiment.context, setup).write()
  }
}
