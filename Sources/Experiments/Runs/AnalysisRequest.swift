import Foundation
import Support

/// What is measured of a finished run: by the run's own settings, or by others, which have a name and a folder of
/// their own. They are always put over the run's own, so that those of earlier analyses do not pile up.
public struct AnalysisRequest: Sendable, Equatable {
  /// The run's recipe with the settings of this analysis.
  public let recipe: Recipe
  /// The run's folders, and those of the analysis where it has its own.
  public let folders: ExperimentFolders

  /// - Parameters:
  ///   - run: the folders of a run that is there.
  ///   - overrides: `analysis=none`, `analysis.key=value`; without any it is the run's own measurements.
  ///   - name: of the analysis; nil for one made from what differs.
  /// - Throws: ``InputError`` for a setting that is none of an analysis, for a name that is taken by other settings,
  ///   and for a run that measures nothing if nothing else is asked.
  public init(of run: ExperimentFolders, overrides: [String], name: String?) throws {
    for assignment in overrides {
      let key = assignment.prefix { $0 != "=" }
      guard key == "analysis" || key.hasPrefix("analysis.") else {
        throw InputError(
          "--set \(key)", "is no setting of an analysis", remedy: "it takes what lies below analysis: analysis.grid=8")
      }
    }
    let own = try run.storedRecipe()
    guard own.analysis.measures || !overrides.isEmpty else {
      throw InputError(
        run.recipe.path, "the run measures nothing (analysis: none)",
        remedy: "say what is measured, such as --set analysis.grid=8")
    }
    recipe = try run.storedRecipe(overrides: overrides)
    // Beside a run without measurements stand those of a recipe that leaves them to the defaults.
    let base = own.analysis.measures ? own : try run.storedRecipe(overrides: ["analysis={}"])
    let differences = recipe.analysis.settings(against: base.analysis)
    guard name != nil || recipe != own else {
      folders = run
      return
    }
    let name = name ?? Self.name(for: differences)
    guard isFolderName(name) else {
      throw InputError("--name", "is '\(name)'", remedy: "it takes letters, digits, '-', '_' and '.'")
    }
    folders = run.analysis(name)
    guard FileManager.default.fileExists(atPath: folders.recipe.path) else { return }
    let stored = try folders.storedRecipe()
    guard stored.analysis == recipe.analysis else {
      let settings = stored.analysis.settings(against: recipe.analysis)
      let key = settings.first.map { ": \($0.key) is \($0.value.yaml.trimmed)" } ?? ""
      throw InputError(
        folders.report.path, "an analysis of this name has other settings\(key)",
        remedy: "choose another one with --name, or remove the folder")
    }
  }

  /// `distortion-0.2`, `grid-8_layers-conv1-conv2`: long ones end in a hash.
  private static func name(for settings: [AnalysisSetting]) -> String {
    let parts = settings.map { setting in
      let words = setting.value.yaml.split { !$0.isLetter && !$0.isNumber && !"._-".contains($0) }
      return ([setting.key] + words.map(String.init)).joined(separator: "-")
    }
    guard !parts.isEmpty else { return "measured" }
    let name = parts.joined(separator: "_")
    return isFolderName(name) ? name : "\(name.prefix(48))-\(SHA256.hexDigest(of: name).prefix(8))"
  }
}

/// One setting of an analysis, with its key below `analysis`; that key is `analysis` where nothing is measured.
public struct AnalysisSetting: Sendable, Equatable {
  /// `distortion`, `published.draws`.
  public let key: String
  /// Its value.
  public let value: DocumentNode

  /// As `--set` takes it.
  public var assignment: String {
    "\(key == AnalysisSetting.whole ? key : "analysis.\(key)")=\(value.yaml.trimmed)"
  }

  fileprivate static let whole = "analysis"
}

extension AnalysisRecipe {
  /// What is set otherwise than in another analysis, in the order of the recipe.
  func settings(against other: AnalysisRecipe) -> [AnalysisSetting] {
    let before = other.document.leaves(below: "")
    return document.leaves(below: "").filter { !before.contains($0) }
  }
}

extension DocumentNode {
  /// The values of a mapping and of the mappings in it, their keys joined by dots.
  fileprivate func leaves(below path: String) -> [AnalysisSetting] {
    guard case .map(let members) = self else {
      return [AnalysisSetting(key: path.isEmpty ? AnalysisSetting.whole : path, value: self)]
    }
    return members.flatMap { $0.value.leaves(below: path.isEmpty ? $0.key : "\(path).\($0.key)") }
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension ExperimentFolders {
  /// The recipe that the run, or the analysis, left, with changes.
  ///
  /// - Parameter overrides: `key.path=value`.
  /// - Returns: with the folder's name, which may have been changed since.
  /// - Throws: ``InputError`` if there is none, or it cannot be read.
  public func storedRecipe(overrides: [String] = []) throws -> Recipe {
    var file = recipe
    if let analysis, !FileManager.default.fileExists(atPath: file.path) {
      // A report that goes elsewhere is of an analysis that lies beside the run's own.
      let home = atHome
      file = home.recipe
      guard FileManager.default.fileExists(atPath: file.path) else {
        let known = Set(analyses + home.analyses).sorted().joined(separator: ", ")
        throw InputError(
          "--analysis", "\(name) has no analysis '\(analysis)' in \(home.report.deletingLastPathComponent().path)",
          remedy: known.isEmpty ? "kdscope analyze makes one" : "known: \(known)")
      }
    }
    var stored = try Recipe.read(from: file.path, vocabulary: .standard, overrides: overrides)
    stored.name = name
    return stored
  }

  /// Names of the analyses that lie beside the run's report, in order.
  public var analyses: [String] {
    let home = analysis(nil).report.appendingPathComponent("analyses").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: analysis($0).recipe.path) }.sorted()
  }

  /// What an analysis sets otherwise than its run; nothing for the run itself, and where a recipe cannot be read.
  public var settings: [AnalysisSetting] {
    guard analysis != nil, let stored = try? storedRecipe() else { return [] }
    let run = analysis(nil)
    guard let own = try? run.storedRecipe() else { return [] }
    let base = own.analysis.measures ? own : (try? run.storedRecipe(overrides: ["analysis={}"])) ?? own
    return stored.analysis.settings(against: base.analysis)
  }
}
