import Experiments
import Foundation
import Statistics
import Support
import TestSupport
import Testing

/// Folders of a class with made-up tables.
@Suite("What a class collects")
struct LessonCollectionTests {
  /// Lays the tables of a lesson into `FOLDER/notebooks-data/made-up-2min`.
  private func lay(
    _ folder: URL, seeds: [Int], differences: [Double], lesson: String = "made-up", recipe: String = "abc"
  ) throws {
    let tables = folder.appendingPathComponent("notebooks-data/\(lesson)-2min")
    try Folders.create(tables)
    let list = seeds.map(String.init).joined(separator: ", ")
    try Data(
      #"{"version": 1, "lesson": "\#(lesson)", "minutes": 2, "recipe": "\#(recipe)", "seeds": [\#(list)]}"#.utf8
    ).write(to: tables.appendingPathComponent("lesson.json"))
    var table = Table(LessonTables.seedColumns)
    for (seed, difference) in zip(seeds, differences) {
      table.append([
        "gap", "accuracy", "by-small", "by-large", .integer(seed), .number(0.5 + difference), 0.5, .number(difference),
      ])
    }
    try Data(table.csv.utf8).write(to: tables.appendingPathComponent("seeds.csv"))
  }

  private func line(_ folders: [URL]) -> String {
    let error = #expect(throws: InputError.self) { try LessonCollection(folders.map(\.path)) }
    return error?.description ?? ""
  }

  @Test("tells seeds apart: the same first seed and seed are one set of networks, and count once")
  func seeds() throws {
    try withTemporaryDirectory { root in
      let folders = ["ann", "ben", "eve", "sam"].map { root.appendingPathComponent($0) }
      try lay(folders[0], seeds: [1, 2], differences: [0.01, 0.03])
      try lay(folders[1], seeds: [7, 8], differences: [0.02, 0.04])
      // Ann's first pictures again: seed 2 is hers, seed 3 is new.
      try lay(folders[2], seeds: [1, 2, 3], differences: [0.01, 0.03, 0.05])
      // Seed 2 on pictures of another first seed is another network.
      try lay(folders[3], seeds: [2, 1], differences: [0.00, 0.02])
      let class_ = try LessonCollection(folders.map(\.path))
      #expect(class_.members.map(\.repeated) == [[], [], [1, 2], []])
      #expect(class_.members.map { $0.differences("gap").map(\.seed) } == [[1, 2], [7, 8], [3], [2, 1]])
      let written = try class_.write(below: root)
      let table = try Table(contentsOf: written.tables.appendingPathComponent("seeds.csv"))
      #expect(table.rows.count == 7)
      let page = try String(contentsOf: written.report, encoding: .utf8)
      // Means of the members 2, 3, 5 and 1 points: 2.75, 95 % Student t with 3 degrees of freedom 3.182 · 1.708 / 2.
      #expect(page.contains("2.8 ± 2.7"), "\(page)")
      #expect(page.contains("made-up, 2 minutes: what a class of 4 found"))
      let figure = written.report.deletingLastPathComponent().appendingPathComponent("figures/gap.png")
      #expect(FileManager.default.fileExists(atPath: figure.path))
    }
  }

  @Test("says of two members that nothing can be tested")
  func two() throws {
    try withTemporaryDirectory { root in
      let folders = ["ann", "ben"].map { root.appendingPathComponent($0) }
      try lay(folders[0], seeds: [1], differences: [0.01])
      // Tables alone will do.
      try lay(folders[1], seeds: [2], differences: [0.02])
      let tables = folders[1].appendingPathComponent("notebooks-data/made-up-2min").path
      let page = try String(
        contentsOf: LessonCollection([folders[0].path, tables]).write(below: root).report, encoding: .utf8)
      #expect(page.contains("not testable: 2 members, at least 3 are needed"), "\(page)")
    }
  }

  @Test("refuses folders without a finished lesson, broken ones, and other lessons, and says which")
  func refusals() throws {
    try withTemporaryDirectory { root in
      let folders = ["ann", "ben"].map { root.appendingPathComponent($0) }
      try lay(folders[0], seeds: [1, 2], differences: [0.01, 0.03])
      #expect(line([folders[0]]).hasPrefix("lesson collect: there is one folder"))
      #expect(line([folders[0], folders[1]]).contains("ben: there is no such folder"))
      #expect(line([folders[0], folders[0]]).contains("ann: is given twice"))
      try Folders.create(folders[1])
      #expect(line([folders[0], folders[1]]).contains("ben: has no finished lesson; leave it out"))
      try lay(folders[1], seeds: [3, 4], differences: [0.01, 0.03], recipe: "other")
      #expect(line([folders[0], folders[1]]).contains("ben: was run with other settings than"))
      try lay(folders[1], seeds: [3, 4], differences: [0.01])
      #expect(line([folders[0], folders[1]]).contains("does not have the seeds of its lesson; leave the folder out"))
      let tables = folders[1].appendingPathComponent("notebooks-data/made-up-2min")
      try FileManager.default.removeItem(at: tables.appendingPathComponent("seeds.csv"))
      #expect(line([folders[0], folders[1]]).contains("ben: has no seeds.csv"))
      try Data("{".utf8).write(to: tables.appendingPathComponent("lesson.json"))
      #expect(line([folders[0], folders[1]]).contains("lesson.json: is damaged"))
      try FileManager.default.removeItem(at: tables)
      try lay(folders[1], seeds: [3], differences: [0.01], lesson: "another")
      #expect(line([folders[0], folders[1]]).contains("ben: has the lesson another at 2 minutes"))
    }
  }

  static let damaged: [(row: String, line: String)] = [
    ("gap,accuracy,by-small,by-large,1,abc,0.5,0.01", "abc"),
    ("gap,accuracy,by-small,by-large,1,9.5,0.1,9.4", "row 1: 9.5 or 0.1 is no test accuracy; leave the folder out"),
    ("gap,accuracy,by-small,by-large,1,0.5,0.4,0.2", "row 1: its difference is not arm minus reference"),
    ("gap,accuracy,by-small,by-large,1,,0.4,0.2", "row 1: it has a difference, and not both values"),
    ("gap,luck,by-small,by-large,1,0.5,0.4,0.1", "row 1: its quantity is none that lessons have"),
    ("gap,accuracy,by-small,by-large,1,nan,0.4,nan", "row 1: nan or 0.4 is no test accuracy"),
  ]

  @Test("refuses numbers that no lesson can have left, and says where", arguments: damaged.indices)
  func numbers(_ index: Int) throws {
    try withTemporaryDirectory { root in
      let folders = ["ann", "ben"].map { root.appendingPathComponent($0) }
      try lay(folders[0], seeds: [3], differences: [0.01])
      try lay(folders[1], seeds: [1], differences: [0.01])
      let file = folders[1].appendingPathComponent("notebooks-data/made-up-2min/seeds.csv")
      var lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
      lines[lines.count - 1] = Self.damaged[index].row
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
      let told = line(folders)
      #expect(
        told.contains("ben/notebooks-data/made-up-2min/seeds.csv") && told.contains(Self.damaged[index].line), "\(told)"
      )
    }
  }
}
