import ArgumentParser
import Experiments
import Foundation
import Support

/// Where long work puts its files, and what it says meanwhile.
struct WorkOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Folder for runs/, reports/ and notebooks-data/. (default: the working directory)", valueName: "dir"),
    completion: .directory)
  var out: String?

  @Flag(name: .long, help: "Show no progress. (default: show it on standard error)")
  var quiet = false

  var root: URL { URL(fileURLWithPath: out ?? FileManager.default.currentDirectoryPath, isDirectory: true) }

  /// The experiment of a recipe, ready to work and to be interrupted.
  ///
  /// - Parameters:
  ///   - recipe: what is done.
  ///   - root: the folder below which files go; `--out` unless given.
  ///   - comparing: whether methods are compared.
  /// - Returns: an experiment that shows its progress.
  func experiment(_ recipe: Recipe, root: URL? = nil, comparing: Bool = false) -> Experiment {
    Interrupt.watch()
    return Experiment(
      recipe, root: root ?? self.root, progress: ProgressDisplay(isQuiet: quiet), comparing: comparing)
  }

  /// The recipe of a run that is there already, with changes.
  ///
  /// - Parameters:
  ///   - run: its name, or the path of its folder.
  ///   - overrides: `key.path=value`.
  /// - Returns: the recipe, and the folder below which the run lies.
  /// - Throws: ``InputError`` if there is no such run.
  func storedRun(_ run: String, overrides: [String]) throws -> (recipe: Recipe, root: URL) {
    let named = ExperimentFolders(root: root, name: run)
    let path = URL(fileURLWithPath: run, isDirectory: true)
    let isNamed = !run.contains("/") && FileManager.default.fileExists(atPath: named.recipe.path)
    let file = isNamed ? named.recipe : path.appendingPathComponent("recipe.yaml")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw InputError(run, "there is no such run", remedy: "give its name, or the path of its folder with recipe.yaml")
    }
    var recipe = try Recipe.read(from: file.path, vocabulary: .standard, overrides: overrides)
    // A folder may have been renamed since.
    recipe.name = file.deletingLastPathComponent().lastPathComponent
    return (recipe, isNamed ? root : path.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent())
  }
}
