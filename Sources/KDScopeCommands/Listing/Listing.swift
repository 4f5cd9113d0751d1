import Experiments
import Support

/// A catalogue as a list of names with one line each.
struct Listing {
  private let entries: [CatalogEntry]

  init(_ entries: [CatalogEntry]) { self.entries = entries }

  /// Prints the list under a key; as text one line an entry, unless another text is given.
  func print(_ key: String, _ output: OutputOptions, text: String? = nil) throws {
    let rows = entries.map { [$0.name, $0.summary] }
    let members = entries.map { DocumentNode.map(["name": .text($0.name), "summary": .text($0.summary)]) }
    try output.print(.map([.init(key: key, value: .list(members))]), text: text ?? aligned(rows))
  }

  /// The entry of a name.
  ///
  /// - Throws: ``InputError`` that suggests the nearest name.
  func entry(_ name: String, called noun: String, at place: String) throws -> CatalogEntry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw InputError(place, "there is no \(noun) '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
    }
    return entry
  }
}

/// Lines of columns, each as wide as its widest cell; the last is ragged.
func aligned(_ rows: [[String]], indent: String = "") -> String {
  let rows = rows.map { row in row.map { VisibleText.name($0, atMost: longestCell) } }
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in rows.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0 }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
    }
    let line = cells.joined(separator: "  ")
    return indent + (line.lastIndex { $0 != " " }.map { line[...$0] } ?? "") + "\n"
  }.joined()
}

/// Characters of a cell after which it is cut: one endless name must not make all lines endless.
private let longestCell = 500
