import Foundation
import Statistics
import Support

/// A folder of tidy tables as CSV files, with a README that names every column and its unit.
public struct DataFolder: Sendable, Equatable {
  /// One table of the folder.
  public struct File: Sendable, Equatable {
    /// The file's name without `.csv`, kebab-case.
    public let name: String
    /// What one row is, and what the table is good for.
    public let summary: MarkdownText
    /// The table.
    public let table: Table

    /// - Parameters:
    ///   - name: the file's name without `.csv`.
    ///   - summary: what one row is, and what the table is good for.
    ///   - table: the table.
    public init(_ name: String, _ summary: MarkdownText, _ table: Table) {
      precondition(
        !name.isEmpty && !name.contains("/") && !name.hasPrefix("."), "DataFolder: '\(name)' is no file name")
      self.name = name
      self.summary = summary
      self.table = table
    }
  }

  /// Title of the README.
  public let title: MarkdownText
  /// First paragraph of the README: where the numbers come from.
  public let introduction: MarkdownText
  /// The tables, in order; names differ.
  public let files: [File]

  /// - Parameters:
  ///   - title: title of the README.
  ///   - introduction: where the numbers come from.
  ///   - files: the tables, in order.
  public init(title: MarkdownText, introduction: MarkdownText, files: [File]) {
    precondition(
      Set(files.map(\.name)).count == files.count, "DataFolder: file names \(files.map(\.name)) are not unique")
    self.title = title
    self.introduction = introduction
    self.files = files
  }

  /// The same with further tables behind.
  public func with(_ further: [File]) -> DataFolder {
    DataFolder(title: title, introduction: introduction, files: files + further)
  }

  /// The README: for each file its rows, and each column with kind, unit and meaning.
  public var readme: Report {
    var blocks: [Block] = [
      .paragraph(introduction),
      .paragraph(
        """
        One row is one observation. Fields are separated by commas and quoted as RFC 4180 has it, the first line names \
        the columns, decimals have a point, and a field without anything between the commas has no value.
        """),
    ]
    for file in files {
      var columns = ReportTable([.init("Column"), .init("Kind"), .init("Unit"), .init("Meaning")])
      for column in file.table.columns {
        columns.append([
          MarkdownText(code: column.name),
          MarkdownText(plain: column.kind == .moment ? "number" : column.kind.rawValue),
          column.unit.isEmpty ? "–" : MarkdownText(plain: column.unit), MarkdownText(plain: column.description),
        ])
      }
      blocks.append(.heading(2, "\(code: file.name + ".csv")"))
      blocks.append(.paragraph("\(file.summary) Rows: \(file.table.rows.count)."))
      blocks.append(.table(columns))
    }
    return Report(title: title, blocks: blocks)
  }

  /// Writes all files, the README last; other files of the folder stay as they are.
  ///
  /// - Parameter folder: made if need be.
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if a write fails.
  public func write(to folder: URL) throws {
    try Folders.create(folder)
    for file in files {
      try AtomicFile.write(Data(file.table.csv.utf8), to: folder.appendingPathComponent("\(file.name).csv"))
    }
    try readme.write(to: folder.appendingPathComponent("README.md"))
  }
}
