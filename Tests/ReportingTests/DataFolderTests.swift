import Foundation
import Reporting
import Statistics
import Support
import Testing

@Suite("A data folder")
struct DataFolderTests {
  static let columns = [
    Table.Column("role", .text, "Which network."),
    Table.Column("entropy", .number, unit: "nats", "Mean entropy | of the image."),
  ]

  func folder() -> DataFolder {
    var table = Table(Self.columns)
    table.append(["student, small", -1.5])
    table.append(["baseline", nil])
    return DataFolder(
      title: "Data of a study", introduction: "Written by \(code: "kdscope run").",
      files: [.init("maps", "One row per network.", table), .init("empty", "Nothing yet.", Table(Self.columns))])
  }

  func temporary(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  @Test("holds a CSV per table and a README that names every column with its unit")
  func writing() throws {
    try temporary { url in
      try folder().write(to: url)
      let names = try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
      #expect(names == ["README.md", "empty.csv", "maps.csv"])
      let readme = try String(contentsOf: url.appendingPathComponent("README.md"), encoding: .utf8)
      #expect(readme.hasPrefix("# Data of a study\n\nWritten by `kdscope run`.\n\nOne row is one observation."))
      #expect(
        readme.contains(
          "## `maps.csv` and 1 more\n\n- `maps.csv`: One row per network. Rows: 2.\n- `empty.csv`: Nothing yet. Rows: 0.\n\n"
        ))
      #expect(readme.contains("| `role`    | text   | –    | Which network.                |"))
      #expect(readme.contains("| `entropy` | number | nats | Mean entropy \\| of the image. |"))
    }
  }

  @Test("says columns that three kinds of tables share once, and what one alone has at its place")
  func sharedColumns() {
    let role = Self.columns[0]
    func table(_ own: Table.Column, _ first: Table.Column) -> Table { Table([first, own]) }
    let files = ["loss", "gap", "margin"].map { name in
      DataFolder.File(name, "One row per network.", table(.init(name, .number, unit: "nats", "The \(name)."), role))
    }
    // The same name with another meaning is another column.
    let other = DataFolder.File("pairs", "One row per pair.", table(Self.columns[1], .init("role", .text, "Of both.")))
    let readme = DataFolder(title: "Data", introduction: "Made.", files: files + [other]).readme.markdown
    #expect(readme.components(separatedBy: "Which network.").count == 2)
    #expect(readme.contains("Columns that several tables share\n\n| Column | Kind | Unit | Meaning        |"))
    #expect(readme.components(separatedBy: "Shared columns: `role`.").count == 4)
    #expect(readme.contains("| `margin` | number | nats | The margin. |"))
    #expect(readme.contains("| `role`    | text   | –    | Of both.                      |"))
    let two = DataFolder(title: "Data", introduction: "Made.", files: Array(files.prefix(2))).readme.markdown
    #expect(!two.contains("share") && two.components(separatedBy: "Which network.").count == 3)
  }

  @Test("reads back equal, with the columns' units where they are known")
  func reading() throws {
    try temporary { url in
      try folder().write(to: url)
      let file = url.appendingPathComponent("maps.csv")
      #expect(try Table(contentsOf: file, columns: Self.columns) == folder().files[0].table)
      #expect(try Table(contentsOf: file).rows == folder().files[0].table.rows)
      #expect(try Table(contentsOf: url.appendingPathComponent("empty.csv"), columns: Self.columns).rows.isEmpty)
    }
  }

  @Test("that is damaged is refused with file and line")
  func damaged() throws {
    try temporary { url in
      try folder().write(to: url)
      let file = url.appendingPathComponent("maps.csv")
      func message(_ bytes: [UInt8]) throws -> String? {
        try Data(bytes).write(to: file)
        return #expect(throws: InputError.self) { try Table(contentsOf: file, columns: Self.columns) }?.description
      }
      #expect(
        try message(Array("role,entropy\nx,1\ny,high\n".utf8)) == "\(file.path):3: entropy is 'high'; it holds a number"
      )
      #expect(try message([0x72, 0xFF, 0xFE]) == "\(file.path): is not UTF-8 text; expected a CSV file")
      try FileManager.default.removeItem(at: file)
      let missing = #expect(throws: InputError.self) { try Table(contentsOf: file) }
      #expect(missing?.description == "\(file.path): no such file; a CSV file is expected")
    }
  }
}
