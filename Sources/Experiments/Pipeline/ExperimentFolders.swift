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
  /// The model card of a student, for Hugging Face.
  public func card(_ student: String) -> URL { report.appendingPathComponent("cards/\(student)/README.md") }
  /// Tidy tables.
  public var tables: URL { root.appendingPathComponent("notebooks-data/\(name)") }
  /// The recipe as it was run, all defaults filled in.
  public var recipe: URL { run.appendingPathComponent("recipe.yaml") }

  /// What decides the weights of the run, as a hash; the word before it says that methods are compared.
  var trainingMark: URL { run.appendingPathComponent("training.sha256") }
  static let comparisonMark = "comparison "
  /// Whether the run was begun as a comparison of methods.
  var holdsComparison: Bool {
    (try? String(contentsOf: trainingMark, encoding: .utf8))?.hasPrefix(Self.comparisonMark) ?? false
  }

  /// What the weights of the run stand on beside its recipe.
  var basis: URL { run.appendingPathComponent("basis.json") }
  /// Digests of picture files, so that a resume need not read them.
  var pictureDigests: URL { run.appendingPathComponent("pictures.sha256") }

  /// How long the stages took.
  public var times: URL { run.appendingPathComponent("times.json") }

  /// The folder of one network's training.
  public func training(_ role: String, seed: Int) -> RunFolder {
    RunFolder(run.appendingPathComponent("seed-\(seed)/\(role)"))
  }

  /// What TensorBoard shows of one network's training, or of the report where nil: `--logdir runs/NAME/tensorboard`.
  public func events(_ network: (role: String, seed: Int)?) -> URL {
    run.appendingPathComponent("tensorboard/\(network.map { "seed-\($0.seed)-\($0.role)" } ?? "report")")
  }

  /// Measured maps of one network's training.
  public func maps(
    _ role: String, seed: Int, layer: String, procedure: EntropyProcedure = .fixedDistortion
  ) -> URL {
    let suffix = procedure == .fixedDistortion ? "" : "-\(procedure.rawValue)"
    return training(role, seed: seed).url.appendingPathComponent("maps-\(layer)\(suffix)")
  }

  /// Where a finished run left what, for programs.
  public func document(report: URL, cards: [String] = []) -> DocumentNode {
    .map([
      "report": .text(report.path), "tables": .text(tables.path), "run": .text(run.path),
      "cards": cards.isEmpty ? nil : .list(cards.map { .text($0) }),
    ])
  }
}
