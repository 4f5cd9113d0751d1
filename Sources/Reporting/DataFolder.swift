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

  /// The README: the columns that many tables share, once; then each table, or each kind of table of which there are
  /// several, with its rows and its own columns, each with kind, unit and meaning.
  public var readme: Report {
    var blocks: [Block] = [
      .paragraph(introduction),
      .paragraph(
        """
        One row is one observation. Fields are separated by commas and quoted as RFC 4180 has it, the first line names \
        the columns, decimals have a point, and a field without anything between the commas has no value.
        """),
    ]
    let kinds = self.kinds
    let shared = Self.sharedColumns(of: kinds)
    if !shared.isEmpty {
      blocks.append(.heading(2, "Columns that several tables share"))
      blocks.append(.table(Self.listing(shared)))
    }
    for kind in kinds {
      blocks += Self.blocks(of: kind, shared: shared)
    }
    return Report(title: title, blocks: blocks)
  }

  /// The files, those of equal columns together, in the order of the first of each.
  private var kinds: [[File]] {
    var kinds: [[File]] = []
    for file in files {
      if let index = kinds.firstIndex(where: { $0[0].table.columns == file.table.columns }) {
        kinds[index].append(file)
      } else {
        kinds.append([file])
      }
    }
    return kinds
  }

  /// Columns that at least three kinds of tables have with the same unit and meaning, in the order of their first use.
  private static func sharedColumns(of kinds: [[File]]) -> [Table.Column] {
    var uses: [(column: Table.Column, count: Int)] = []
    for column in kinds.flatMap({ $0[0].table.columns }) {
      if let index = uses.firstIndex(where: { $0.column == column }) {
        uses[index].count += 1
      } else {
        uses.append((column, 1))
      }
    }
    return uses.filter { $0.count >= 3 }.map(\.column)
  }

  /// What is said of one kind of table: its files with their rows, the shared columns by name, its own in full.
  private static func blocks(of kind: [File], shared: [Table.Column]) -> [Block] {
    let columns = kind[0].table.columns
    var blocks: [Block] = []
    if kind.count == 1 {
      blocks.append(.heading(2, "\(code: kind[0].name + ".csv")"))
      blocks.append(.paragraph("\(kind[0].summary) Rows: \(kind[0].table.rows.count)."))
    } else {
      blocks.append(.heading(2, "\(code: kind[0].name + ".csv") and \(kind.count - 1) more"))
      blocks.append(
        .list(kind.map { "\(code: $0.name + ".csv"): \($0.summary) Rows: \($0.table.rows.count)." }))
    }
    let common = columns.filter(shared.contains).map { MarkdownText(code: $0.name) }
    let own = columns.filter { !shared.contains($0) }
    if !common.isEmpty {
      blocks.append(
        .paragraph("Shared columns: \(MarkdownText(markdown: common.map(\.markdown).joined(separator: ", ")))."))
    }
    if !own.isEmpty {
      blocks.append(.table(listing(own)))
    }
    return blocks
  }

  /// Columns with kind, unit and meaning.
  private static func listing(_ columns: [Table.Column]) -> ReportTable {
    var table = ReportTable([.init("Column"), .init("Kind"), .init("Unit"), .init("Meaning")])
    for column in columns {
      table.append([
        MarkdownText(code: column.name),
        MarkdownText(plain: column.kind == .moment ? "number" : column.kind.rawValue),
        column.unit.isEmpty ? "–" : MarkdownText(plain: column.unit), MarkdownText(plain: column.description),
      ])
    }
    return table
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
