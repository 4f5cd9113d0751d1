import Checkpoints
import Foundation
import Support
import Training

/// A run that lies below a folder: how far it is, and what it takes.
public struct StoredRun: Sendable, Equatable {
  /// How far one network's training is.
  public struct Network: Sendable, Equatable {
    /// `teacher`, `baseline` or the name of a student.
    public let role: String
    /// Its seed.
    public let seed: Int
    /// Epochs done.
    public let epochs: Int
    /// Epochs asked for.
    public let asked: Int
    /// Share of the development images after the last epoch; nil before the first.
    public let developmentAccuracy: Double?
    /// Why the run goes on without it: its training diverged, or that of a network that it learns from; nil where it
    /// does not.
    public let problem: String?

    /// Whether its training is at its end.
    public var isTrained: Bool { epochs >= asked }
  }

  /// How far the run is.
  public enum State: String, Sendable {
    /// Its recipe cannot be read: it is broken, or asks for what another program adds to the catalogues.
    case unreadable
    /// Networks are still to be trained.
    case unfinished
    /// All networks are trained, and there is no report.
    case trained
    /// There is a report.
    case reported
  }

  /// Its name.
  public let name: String
  /// Its folders.
  public let folders: ExperimentFolders
  /// What it does; nil where the recipe cannot be read.
  public let recipe: Recipe?
  /// What is wrong with its recipe; nil for nothing.
  public let problem: String?
  /// Its networks, teacher first.
  public let networks: [Network]
  /// What its folder takes on disk, in bytes of file contents.
  public let bytes: UInt64
  /// Its analyses with settings of their own, by name.
  public var analyses: [ExperimentFolders] { folders.analyses.map { folders.analysis($0) } }

  /// All runs below a folder, by name.
  public static func all(below root: URL) -> [StoredRun] {
    let runs = root.appendingPathComponent("runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs.path)) ?? []
    return names.sorted().compactMap { name in try? StoredRun(name, below: root) }
  }

  /// - Parameters:
  ///   - run: its name, or the path of its folder: `runs/NAME`, here or elsewhere.
  ///   - root: the folder above `runs/`, for a name.
  /// - Throws: ``InputError`` if there is no such run.
  public init(_ run: String, below root: URL) throws {
    let (name, root) = run.contains("/") ? try Self.place(of: run) : (run, root)
    folders = ExperimentFolders(root: root, name: name)
    self.name = name
    guard !name.hasPrefix("."), FileManager.default.fileExists(atPath: folders.recipe.path) else {
      throw InputError(run, "there is no such run", remedy: Self.known(below: root))
    }
    do {
      var recipe = try Recipe.read(from: folders.recipe.path, vocabulary: .standard)
      recipe.name = name
      self.recipe = recipe
      problem = nil
    } catch {
      recipe = nil
      problem = "\(error)"
    }
    networks = recipe.map { Self.networks($0, ExperimentFolders(root: root, name: name)) } ?? []
    bytes = Self.size(of: folders.run)
  }

  /// Name and root of the run that a path leads to. Its report and tables are found from there.
  private static func place(of path: String) throws -> (name: String, root: URL) {
    let folder = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    let above = folder.deletingLastPathComponent()
    guard above.lastPathComponent == "runs" else {
      throw InputError(path, "is no folder of a run", remedy: "give its name, or its path as …/runs/NAME")
    }
    return (folder.lastPathComponent, above.deletingLastPathComponent())
  }

  /// How far it is.
  public var state: State {
    if recipe == nil { return .unreadable }
    guard networks.allSatisfy({ $0.isTrained || $0.problem != nil }) else { return .unfinished }
    let report = folders.report.appendingPathComponent("report.md").path
    return FileManager.default.fileExists(atPath: report) ? .reported : .trained
  }

  private static func known(below root: URL) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("runs").path)) ?? []
    let shown = names.filter { !$0.hasPrefix(".") }.sorted()
    return shown.isEmpty
      ? "there are no runs here; --out names the folder above runs/"
      : "known: "
        + shown.joined(separator: ", ")
  }

  private static func networks(_ recipe: Recipe, _ folders: ExperimentFolders) -> [Network] {
    let leftOut = LeftOut(recipe, isComparison: folders.holdsComparison) { role, seed in
      TrainingFailure.read(folders.training(role, seed: seed))
    }
    let failures = leftOut.trainings
    return recipe.trainedNetworks.map { network in
      let history = try? TrainingHistory.read(folders.training(network.role, seed: network.seed))
      let problem = leftOut.cause(of: network.role, seed: network.seed).flatMap { cause in
        failures.first { $0.role == cause.role && ($0.seed ?? cause.seed) == cause.seed }.map { failure in
          cause == network ? "diverged: \(failure.problem)" : "left out with \(cause.role), which diverged"
        }
      }
      return Network(
        role: network.role, seed: network.seed, epochs: history?.epochs.count ?? 0,
        asked: recipe.lastEpoch(of: network.role), developmentAccuracy: history?.epochs.last?.developmentAccuracy,
        problem: problem)
    }
  }

  private static func size(of folder: URL) -> UInt64 {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    var bytes: UInt64 = 0
    while let file = files?.nextObject() as? URL {
      bytes += UInt64((try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
    }
    return bytes
  }
}

extension StoredRun {
  /// Removes the run's folder below `runs/`: checkpoints, states and measured maps. Report and tables stay.
  ///
  /// - Throws: ``InputError`` if another process works on it or it is a link, ``WorkError`` if a file cannot be removed.
  public func remove() throws {
    let path = folders.run.path
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    guard type == .typeDirectory else {
      throw InputError(path, "is a link or no folder", remedy: "remove it by hand; what it leads to is left alone")
    }
    let lock = try FolderLock(path, remedy: "wait for it")
    try withExtendedLifetime(lock) {
      do {
        try FileManager.default.removeItem(at: folders.run)
      } catch {
        throw WorkError("\(path): cannot be removed (\(error.localizedDescription)); check who owns its files")
      }
    }
  }
}
