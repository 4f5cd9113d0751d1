import Foundation
import Statistics
import Support

/// What the members of a class found with one lesson.
public struct LessonCollection {
  /// One member's run.
  package struct Member {
    /// Name of the folder as it was given.
    let folder: String
    let mark: LessonMark
    /// `seeds.csv`.
    let seeds: Table
    /// Seeds that an earlier folder has with the same pictures: the same networks, which count once.
    package var repeated: [Int] = []

    /// Differences of a planned comparison by seed, those that count.
    package func differences(_ claim: String) -> [(seed: Int, difference: Double)] {
      seeds.filtered("claim", .text(claim)).observations.compactMap { row in
        guard let seed = row.integer("seed"), !repeated.contains(seed), let value = row.number("difference") else {
          return nil
        }
        return (seed, value)
      }
    }
  }

  package let members: [Member]
  /// Name of the lesson.
  let lesson: String
  /// The level at which it was run.
  let level: LessonLevel

  /// Reads the folders of a class.
  ///
  /// - Parameter folders: those that a lesson was run in, or copies of its tables; at least two.
  /// - Throws: ``InputError`` that names the folder which has no finished lesson, a damaged one, or another lesson than
  ///   the first.
  public init(_ folders: [String]) throws {
    guard folders.count > 1 else {
      throw InputError("lesson collect", "there is one folder", remedy: "give those of a class, at least two")
    }
    var members: [Member] = []
    for folder in folders {
      guard !members.contains(where: { Self.path($0.folder) == Self.path(folder) }) else {
        throw InputError(folder, "is given twice", remedy: "give each folder once")
      }
      members.append(try Self.member(folder, members.first))
    }
    // The first seed decides the pictures: with it, a seed is one set of networks, whoever trained them.
    var seen: Set<[Int]> = []
    for place in members.indices {
      let first = members[place].mark.seeds[0]
      members[place].repeated = members[place].mark.seeds.filter { !seen.insert([first, $0]).inserted }
    }
    self.members = members
    lesson = members[0].mark.lesson
    level = try LessonLevel(minutes: "\(members[0].mark.minutes)")
  }

  private static func path(_ folder: String) -> String {
    URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL.path
  }

  private static func member(_ folder: String, _ first: Member?) throws -> Member {
    let tables = try tables(in: folder, like: first?.mark)
    let mark = try LessonMark.read(tables.appendingPathComponent(LessonMark.fileName))
    if let first, mark.lesson != first.mark.lesson || mark.minutes != first.mark.minutes {
      throw InputError(
        folder, "has the lesson \(mark.lesson) at \(mark.minutes) minutes",
        remedy: "\(first.folder) has \(first.mark.lesson) at \(first.mark.minutes)")
    }
    if let first, mark.recipe != first.mark.recipe {
      throw InputError(
        folder, "was run with other settings than \(first.folder)", remedy: "collect runs that differ in seeds alone")
    }
    let file = tables.appendingPathComponent("seeds.csv")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw InputError(folder, "has no \(file.lastPathComponent) of its lesson", remedy: unfinished(mark, folder))
    }
    let table = try Table(contentsOf: file, columns: LessonTables.seedColumns)
    guard Set(table.cells("seed").compactMap(\.integer)) == Set(mark.seeds) else {
      throw InputError(file.path, "does not have the seeds of its lesson", remedy: unfinished(mark, folder))
    }
    for (place, row) in table.observations.enumerated() {
      if let problem = problem(row) {
        throw InputError("\(file.path): row \(place + 1)", problem, remedy: unfinished(mark, folder))
      }
    }
    return Member(folder: folder, mark: mark, seeds: table)
  }

  /// What is wrong with one comparison of one seed; nil for nothing.
  private static func problem(_ row: Table.Row) -> String? {
    guard let quantity = row.text("quantity").flatMap(LessonQuantity.init(rawValue:)) else {
      return "its quantity is none that lessons have"
    }
    let values = ["arm_value", "reference_value", "difference"].map { row.number($0) }
    // A network that could not be measured has no value, and no difference.
    guard let own = values[0], let other = values[1], let difference = values[2] else {
      return values[2] == nil ? nil : "it has a difference, and not both values"
    }
    guard [own, other].allSatisfy({ $0.isFinite && quantity.range.contains($0) }) else {
      return "\(own) or \(other) is no \(quantity.words)"
    }
    return abs(difference - (own - other)) < 1e-6 * max(1, abs(own)) ? nil : "its difference is not arm minus reference"
  }

  private static func unfinished(_ mark: LessonMark, _ folder: String) -> String {
    "leave the folder out, or finish it with \(programName) lesson \(mark.lesson) --minutes \(mark.minutes) --out \(folder)"
  }

  /// The tables of a lesson in a folder: its own, or the only ones below `notebooks-data`; of several those that are of
  /// the first folder's lesson.
  private static func tables(in folder: String, like first: LessonMark?) throws -> URL {
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    guard Folders.isFolder(root.path) else {
      throw InputError(folder, "there is no such folder", remedy: "give folders that a lesson was run in")
    }
    func holds(_ url: URL) -> Bool {
      FileManager.default.fileExists(atPath: url.appendingPathComponent(LessonMark.fileName).path)
    }
    if holds(root) { return root }
    let below = root.appendingPathComponent("notebooks-data")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: below.path)) ?? []).sorted()
    let found = names.map { below.appendingPathComponent($0) }.filter(holds)
    if found.count > 1, let first,
      let same = found.first(where: {
        (try? LessonMark.read($0.appendingPathComponent(LessonMark.fileName))).map {
          $0.lesson == first.lesson && $0.minutes == first.minutes
        } ?? false
      })
    {
      return same
    }
    guard let only = found.first else {
      throw InputError(
        folder, "has no finished lesson",
        remedy: "leave it out, or run one there: \(programName) lesson NAME --out \(folder)")
    }
    guard found.count == 1 else {
      throw InputError(
        folder, "has \(found.count) lessons: \(found.map(\.lastPathComponent).joined(separator: ", "))",
        remedy: "give the folder of one, such as \(only.path)")
    }
    return only
  }
}
