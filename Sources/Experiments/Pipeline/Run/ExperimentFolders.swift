import Analysis
import Checkpoints
import Foundation
import Support

/// Where an experiment's files go: `runs/NAME`, `reports/NAME`, `notebooks-data/NAME`; an analysis of a run with
/// settings of its own has all its files below `reports/NAME/analyses`.
public struct ExperimentFolders: Sendable, Equatable {
  /// The folder below which reports and tables go, and the run unless it lies elsewhere.
  public let root: URL
  /// Name of the run.
  public let name: String
  /// Checkpoints, states, logs and measured maps; not for git.
  public let run: URL
  /// Name of the analysis; nil for the run's own settings.
  public let analysis: String?

  /// - Parameters:
  ///   - root: the folder below which all lies; the working directory by default.
  ///   - name: name of the run.
  ///   - run: the run's folder, where it lies elsewhere; nil for `runs/NAME` below the root.
  ///   - analysis: name of an analysis with settings of its own; nil for the run's.
  public init(
    root: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath), name: String, run: URL? = nil,
    analysis: String? = nil
  ) {
    self.root = root
    self.name = name
    self.run = run ?? root.appendingPathComponent("runs/\(name)")
    self.analysis = analysis
  }

  /// The same run with an analysis of this name.
  public func analysis(_ name: String?) -> ExperimentFolders {
    ExperimentFolders(root: root, name: self.name, run: run, analysis: name)
  }

  /// The same with reports and tables where the run itself has them: `runs/NAME` lies below that folder.
  var atHome: ExperimentFolders {
    ExperimentFolders(
      root: run.deletingLastPathComponent().deletingLastPathComponent(), name: name, run: run, analysis: analysis)
  }

  /// ` --out ROOT` where the root is not the working directory; else nothing.
  var outArgument: String {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).standardizedFileURL.path
    return root.standardizedFileURL.path == here ? "" : " --out \(root.path.shellWord)"
  }

  /// The report and its figures, from the root.
  var reportPath: String { "reports/\(name)" + (analysis.map { "/analyses/\($0)" } ?? "") }
  /// Tidy tables, from the root.
  var tablesPath: String { analysis == nil ? "notebooks-data/\(name)" : "\(reportPath)/data" }

  /// The report and its figures.
  public var report: URL { root.appendingPathComponent(reportPath) }
  /// The model card of a student, for Hugging Face.
  public func card(_ student: String) -> URL { report.appendingPathComponent("cards/\(student)/README.md") }
  /// Tidy tables.
  public var tables: URL { root.appendingPathComponent(tablesPath) }
  /// The recipe as it was run, all defaults filled in; that of an analysis stands beside its report.
  public var recipe: URL { (analysis == nil ? run : report).appendingPathComponent("recipe.yaml") }

  /// What decides the weights of the run, as a hash; the word before it says that methods are compared.
  var trainingMark: URL { run.appendingPathComponent("training.sha256") }
  /// Hashes of the same recipe with fewer epochs, whose trainings the run has gone on with; one a line.
  var earlierMarks: URL { run.appendingPathComponent("training-earlier.sha256") }
  static let comparisonMark = "comparison "
  /// What ``trainingMark`` holds; nil where there is none.
  var markedHash: String? {
    FileBytes.readIfGood(trainingMark.path, atMost: 1 << 12).map { String(decoding: $0, as: UTF8.self) }
  }
  /// Whether the run was begun as a comparison of methods.
  var holdsComparison: Bool {
    markedHash?.hasPrefix(Self.comparisonMark) ?? false
  }

  /// What the weights of the run stand on beside its recipe.
  var basis: URL { run.appendingPathComponent("basis.json") }
  /// Digests of picture files, so that a resume need not read them.
  var pictureDigests: URL { run.appendingPathComponent("pictures.sha256") }

  /// How long the stages took.
  public var times: URL { (analysis == nil ? run : report).appendingPathComponent("times.json") }

  /// The folder of one network's training.
  public func training(_ role: String, seed: Int) -> RunFolder {
    RunFolder(run.appendingPathComponent(Self.path(role, seed)))
  }

  private static func path(_ role: String, _ seed: Int) -> String { "seed-\(seed)/\(role)" }

  /// What TensorBoard shows of one network's training, or of the report where nil: `--logdir runs/NAME/tensorboard`.
  public func events(_ network: (role: String, seed: Int)?) -> URL {
    run.appendingPathComponent("tensorboard/\(network.map { "seed-\($0.seed)-\($0.role)" } ?? "report")")
  }

  /// Measured maps of one network's training, all analyses' together.
  public func maps(
    _ role: String, seed: Int, layer: String, procedure: EntropyProcedure = .fixedDistortion
  ) -> URL {
    maps(below: run, role, seed: seed, layer, procedure)
  }

  /// Where the maps are looked for: beside the checkpoints and, for a run that lies elsewhere and is read-only, below
  /// the root.
  func mapFolders(_ role: String, seed: Int, layer: String, procedure: EntropyProcedure) -> [URL] {
    [run, root.appendingPathComponent("runs/\(name)")].reduce(into: []) { list, home in
      let folder = maps(below: home, role, seed: seed, layer, procedure)
      if !list.contains(folder) { list.append(folder) }
    }
  }

  private func maps(below home: URL, _ role: String, seed: Int, _ layer: String, _ procedure: EntropyProcedure) -> URL {
    let suffix = procedure == .fixedDistortion ? "" : "-\(procedure.rawValue)"
    return home.appendingPathComponent("\(Self.path(role, seed))/maps-\(layer)\(suffix)")
  }

  /// The report as one page.
  public var page: URL { report.appendingPathComponent("report.html") }
  /// The report's opening to project.
  public var slide: URL { report.appendingPathComponent("slide.html") }

  /// Where a finished run left what, for programs.
  public func document(report: URL, cards: [String] = [], forms: ReportForms = ReportForms()) -> DocumentNode {
    .map([
      "report": .text(report.path), "tables": .text(tables.path), "run": .text(run.path),
      "analysis": analysis.map { .text($0) }, "cards": cards.isEmpty ? nil : .list(cards.map { .text($0) }),
      "html": forms.hasPage ? .text(page.path) : nil, "slide": forms.hasSlide ? .text(slide.path) : nil,
    ])
  }
}
