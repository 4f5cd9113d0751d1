import Foundation
import Plotting
import Statistics
import Support

/// A figure as a table of its numbers, with a drawing beside it that says how they are shown: both together give the
/// figure again, and the table alone can be read by any program, or changed.
public enum FigureTable {
  /// The drawing's file: a figure without numbers.
  private struct Drawing: Codable {
    /// Version of the format.
    var kdscopeFigure = 1
    var figure: Figure
  }

  /// Writes `NAME.csv` and `NAME.json` into a folder that is there.
  ///
  /// - Throws: ``InputError`` if the folder cannot be written to, ``WorkError`` if a write fails.
  public static func write(_ figure: Figure, named name: String, to folder: URL) throws {
    let table = try table(of: figure)
    let encoder = JSONEncoder.ofStoredValues
    encoder.outputFormatting.insert(.withoutEscapingSlashes)
    let empty = try figure.changingSeries { _, _, _, rows in rows.isEmpty ? [] : rows.map { $0.withoutNumbers } }
    let drawing = try encoder.encode(Drawing(figure: empty.withoutPoints))
    try AtomicFile.write(drawing + Data("\n".utf8), to: folder.appendingPathComponent("\(name).json"))
    try AtomicFile.write(Data(table.csv.utf8), to: folder.appendingPathComponent("\(name).csv"))
  }

  /// The numbers of a figure, one row for each point, bar, interval, bin or cell; columns that no row needs are left out.
  public static func table(of figure: Figure) throws -> Table {
    var table = Table(FigureRow.columns)
    _ = try figure.changingSeries { panel, series, name, rows in
      for row in rows { table.append(row.cells(panel: panel, series: series, name: name)) }
      return rows
    }
    let needed = FigureRow.columns.map(\.name).filter { name in
      ["panel", "series"].contains(name) || table.cells(name).contains { $0 != .empty }
    }
    return table.selecting(needed)
  }

  /// The figure of a table that has a drawing beside it: `NAME.json` for `NAME.csv`.
  ///
  /// - Parameter url: the table.
  /// - Returns: nil where there is no drawing, or one that is none of KDScope's.
  /// - Throws: ``InputError`` if one of the files cannot be read, or they do not fit together.
  public static func figure(of url: URL) throws -> Figure? {
    let file = url.deletingPathExtension().appendingPathExtension("json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let data = Data(try FileBytes.read(file.path, atMost: 8 << 20, as: "the drawing of a figure"))
    let decoder = JSONDecoder.ofStoredValues
    let keys = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    guard let version = keys?["kdscopeFigure"] else { return nil }
    let remedy = "write the report again, or remove this file to draw the table without it"
    guard version as? Int == 1 else {
      throw InputError(file.path, "the drawing has version \(version), and this program knows 1", remedy: remedy)
    }
    let drawing: Drawing
    do {
      drawing = try decoder.decode(Drawing.self, from: data)
    } catch {
      throw InputError(file.path, "the drawing is broken", remedy: remedy)
    }
    if let flaw = drawing.figure.flaw { throw InputError(file.path, "the figure \(flaw)", remedy: remedy) }
    return try filled(drawing.figure, Table(contentsOf: url), path: url.path)
  }

  private static func filled(_ figure: Figure, _ table: Table, path: String) throws -> Figure {
    for name in ["panel", "series"] {
      guard let position = table.position(of: name), table.columns[position].kind != .text else {
        throw InputError(path, "there is no column '\(name)' of whole numbers", remedy: "the figure beside it needs it")
      }
    }
    var groups: [[Cell]: [FigureRow]] = [:]
    let has = { (name: String) in table.position(of: name) != nil }
    for row in table.observations {
      groups[[row["panel"], row["series"]], default: []].append(FigureRow(row, has: has))
    }
    var place = (panel: 0, series: 0)
    do {
      return try figure.changingSeries { panel, series, _, _ in
        place = (panel, series)
        return groups[[.integer(panel), .integer(series)]] ?? []
      }
    } catch let count as RowCount {
      let found = groups[[.integer(place.panel), .integer(place.series)]]?.count ?? 0
      throw InputError(
        path, "panel \(place.panel), series \(place.series) has \(found) rows",
        remedy: "the figure beside it needs \(count.needed)")
    }
  }
}

extension FigureRow {
  fileprivate var withoutNumbers: FigureRow { FigureRow(label: label) }
}

extension Figure {
  /// Lines and points have as many rows as their table: a drawing has none.
  fileprivate var withoutPoints: Figure {
    let panels = panels.map { row in
      row.map { panel -> Panel in
        guard case .chart(var chart) = panel else { return panel }
        chart.marks = chart.marks.map { mark in
          switch mark {
          case .line(let line): .line(Line(line.name, points: [], look: line.look))
          case .points(let points): .points(Points(points.name, points: [], look: points.look, label: points.label))
          default: mark
          }
        }
        return .chart(chart)
      }
    }
    return Figure(width: width, panels: panels, rowHeight: rowHeight, showsLegend: showsLegend)
  }
}
