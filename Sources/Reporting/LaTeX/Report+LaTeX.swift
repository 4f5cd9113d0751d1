import Foundation
import Support

extension Report {
  /// The report's captioned tables, each with the name of its file: its own, or `table-2` for the second.
  var latexTables: [(name: String, table: ReportTable)] {
    var named: [(name: String, table: ReportTable)] = []
    for table in blocks.flatMap(\.tables) where table.caption != nil {
      var name = table.name ?? "table-\(named.count + 1)"
      var copies = 1
      while named.contains(where: { $0.name == name }) {
        copies += 1
        name = "\(table.name ?? "table")-\(copies)"
      }
      named.append((name, table))
    }
    return named
  }

  /// Writes each captioned table as `tables/NAME.tex`; tables of an earlier report go, other files stay.
  ///
  /// - Parameter folder: the report's.
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if a write fails.
  func writeLaTeX(to folder: URL) throws {
    let target = folder.appendingPathComponent("tables")
    let tables = latexTables
    let earlier = (try? FileManager.default.contentsOfDirectory(atPath: target.path)) ?? []
    if !tables.isEmpty { try Folders.create(target) }
    for (name, table) in tables {
      try AtomicFile.write(Data(table.latex(label: name).utf8), to: target.appendingPathComponent("\(name).tex"))
    }
    for file in earlier where file.hasSuffix(".tex") && !tables.contains(where: { "\($0.name).tex" == file }) {
      let url = target.appendingPathComponent(file)
      let bytes = FileBytes.readIfGood(url.path, atMost: 16 << 20) ?? []
      guard bytes.starts(with: ReportTable.latexMark.utf8) else { continue }
      try? FileManager.default.removeItem(at: url)
    }
  }
}

extension Block {
  /// The tables in it.
  fileprivate var tables: [ReportTable] {
    switch self {
    case .table(let table): [table]
    case .details(_, let blocks): blocks.flatMap(\.tables)
    case .heading, .paragraph, .list, .figure, .code: []
    }
  }
}
