import Foundation
import Support

/// How long each kind of work took, added up over all processes that worked on a run.
struct StageTimes: Codable, Sendable, Equatable {
  /// One kind of work.
  struct Stage: Codable, Sendable, Equatable {
    let name: String
    var seconds: Double
  }

  /// In the order in which they were first seen.
  private(set) var stages: [Stage] = []
  /// Seconds per unit of cost of each kind of work, by which the next process tells the time left from its start.
  var paces: [String: Double]?

  /// Adds time to a stage.
  mutating func add(_ seconds: Double, to name: String) {
    if let index = stages.firstIndex(where: { $0.name == name }) {
      stages[index].seconds += seconds
    } else {
      stages.append(Stage(name: name, seconds: seconds))
    }
  }

  /// What earlier processes noted; nothing where there is no file.
  static func read(_ url: URL) -> StageTimes {
    guard let bytes = FileBytes.readIfGood(url.path, atMost: 1 << 20),
      let times = try? JSONDecoder().decode(StageTimes.self, from: Data(bytes))
    else {
      return StageTimes()
    }
    return times
  }

  /// What earlier processes noted; an analysis begins with what the run's trainings took.
  static func read(of folders: ExperimentFolders) -> StageTimes {
    guard folders.analysis != nil, !FileManager.default.fileExists(atPath: folders.times.path) else {
      return read(folders.times)
    }
    var times = read(folders.analysis(nil).times)
    times.stages.removeAll { $0.name != "training" }
    return times
  }

  /// Keeps the times for later processes.
  func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(self), to: url)
  }
}
