import Plotting
import Support

extension Figure {
  /// The figure in another size, perhaps with its panels in other rows, or one of them alone.
  ///
  /// - Parameters:
  ///   - width: in millimetres; nil for its own.
  ///   - rowHeight: of a row of panels, in millimetres; nil for its own.
  ///   - columns: panels in a row; nil for its own rows.
  ///   - panel: which one alone, from 1; nil for all.
  /// - Returns: the same panels, arranged.
  /// - Throws: ``InputError`` if there is no such panel.
  public func arranged(width: Double?, rowHeight: Double?, columns: Int?, panel: Int?) throws -> Figure {
    var rows = panels
    if let panel {
      let all = panels.joined().filter { $0 != .empty }
      guard all.indices.contains(panel - 1) else {
        throw InputError("--panel", "there is no panel \(panel)", remedy: "the figure has 1 to \(all.count)")
      }
      rows = [[all[panel - 1]]]
    }
    if let columns { rows = Panel.rows(Array(rows.joined()), columns: columns) }
    return Figure(
      width: width ?? self.width, panels: rows, rowHeight: rowHeight ?? self.rowHeight, showsLegend: showsLegend)
  }
}
