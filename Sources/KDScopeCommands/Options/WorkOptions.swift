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
  ///   - folders: where files go; below `--out` unless given.
  ///   - comparing: whether methods are compared.
  /// - Returns: an experiment that shows its progress.
  func experiment(_ recipe: Recipe, _ folders: ExperimentFolders? = nil, comparing: Bool = false) -> Experiment {
    Interrupt.watch()
    return Experiment(
      recipe, folders ?? ExperimentFolders(root: root, name: recipe.name),
      progress: ProgressDisplay(isQuiet: quiet), comparing: comparing)
  }

  /// Where a run lies that is there already, and where its reports go: below `--out` if that is given.
  ///
  /// - Parameter run: its name, below `--out` or the working directory, or the path of its folder.
  /// - Returns: its folders.
  /// - Throws: ``InputError`` if there is no such run.
  func storedRun(_ run: String) throws -> ExperimentFolders {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    func isThere(_ folders: ExperimentFolders) -> Bool { FileManager.default.fileExists(atPath: folders.recipe.path) }
    for place in run.contains("/") ? [] : [root, here] {
      let folders = ExperimentFolders(root: root, name: run, run: place.appendingPathComponent("runs/\(run)"))
      if isThere(folders) { return folders }
    }
    let path = URL(fileURLWithPath: run, isDirectory: true).standardizedFileURL
    let above = path.deletingLastPathComponent()
    // What lies in runs/ has its reports beside that; of any other folder nothing is known.
    let home = above.lastPathComponent == "runs" ? above.deletingLastPathComponent() : here
    let folders = ExperimentFolders(root: out == nil ? home : root, name: path.lastPathComponent, run: path)
    guard isThere(folders) else {
      throw InputError(run, "there is no such run", remedy: "give its name, or the path of its folder with recipe.yaml")
    }
    return folders
  }
}
