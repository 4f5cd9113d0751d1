import Analysis
import Checkpoints
import Foundation
import Support

/// Where an experiment's files go, below one folder: `runs/NAME`, `reports/NAME`, `notebooks-data/NAME`.
public struct ExperimentFolders: Sendable, Equatable {
  /// The folder below which all lies.
  public let root: URL
  /// Name of the run.
  public let name: String

  /// - Parameters:
  ///   - root: the folder below which all lies; the working directory by default.
  ///   - name: name of the run.
  public init(root: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath), name: String) {
    self.root = root
    self.name = name
  }

  /// Checkpoints, states, logs and measured maps; not for git.
  public var run: URL { root.appendingPathComponent("runs/\(name)") }
  /// The report and its figures.
  public var report: URL { root.appendingPathComponent("reports/\(name)") }
  /// Tidy tables.
  public var tables: URL { root.appendingPathComponent("notebooks-data/\(name)") }
  /// The recipe as it was run, all defaults filled in.
  public var recipe: URL { run.appendingPathComponent("recipe.yaml") }

  /// How long the stages took.
  public var times: URL { run.appendingPathComponent("times.json") }

  /// The folder of one network's training.
  public func training(_ role: String, seed: Int) -> RunFolder {
    RunFolder(run.appendingPathComponent("seed-\(seed)/\(role)"))
  }

  /// Measured maps of one network's training.
  public func maps(
    _ role: String, seed: Int, layer: String, procedure: EntropyProcedure = .fixedDistortion
  ) -> URL {
    let suffix = procedure == .fixedDistortion ? "" : "-\(procedure.rawValue)"
    return training(role, seed: seed).url.appendingPathComponent("maps-\(layer)\(suffix)")
  }

  /// Where a finished run left what, for programs.
  public func document(report: URL) -> DocumentNode {
    .map(["report": .text(report.path), "tables": .text(tables.path), "run": .text(run.path)])
  }
}
