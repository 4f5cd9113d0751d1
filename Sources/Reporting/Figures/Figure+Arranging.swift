import Plotting
import Support

extension Figure {
  /// The figure in another size, perhaps with its panels in other rows, or one of them alone.
  ///
  /// - Parameters:
  ///   - scale: what it is for; slides and posters have larger figures.
  ///   - width: in millimetres; nil for its own, or what the scale makes of it.
  ///   - rowHeight: of a row of panels, in millimetres; nil for its own, or what the scale makes of it.
  ///   - columns: panels in a row; nil for its own rows, or fewer beside each other where it is much narrower.
  ///   - panel: which one alone, from 1; nil for all.
  /// - Returns: the same panels, arranged.
  /// - Throws: ``InputError`` if there is no such panel.
  public func arranged(
    for scale: FigureScale = .paper, width: Double? = nil, rowHeight: Double? = nil, columns: Int? = nil,
    panel: Int? = nil
  ) throws -> Figure {
    let enlargement = scale.enlargement
    var rows = panels
    if let panel {
      let all = panels.joined().filter { $0 != .empty }
      guard all.indices.contains(panel - 1) else {
        throw InputError("--panel", "there is no panel \(panel)", remedy: "the figure has 1 to \(all.count)")
      }
      rows = [[all[panel - 1]]]
    }
    let largest = min(2000, self.width * enlargement)
    let share = (width ?? largest) / largest
    if let columns = columns ?? fewerColumns(rows, share: share) {
      rows = Panel.rows(Array(rows.joined()), columns: columns)
    }
    if share < Self.muchNarrower { rows = rows.flatMap { banded($0, share: share) } }
    return Figure(
      width: width ?? largest, panels: rows, rowHeight: rowHeight ?? min(2000, self.rowHeight * enlargement),
      showsLegend: showsLegend)
  }

  /// A share of its width below which a figure is arranged anew.
  private static let muchNarrower = 0.75

  /// A row that is one gallery as several rows, where its columns would have little room beside each other.
  private func banded(_ row: [Panel], share: Double) -> [[Panel]] {
    guard row.count == 1, case .gallery(let gallery) = row[0] else { return [row] }
    let columns = gallery.cells.first?.count ?? 0
    return gallery.bands(ofAtMost: Int((Double(columns) * share).rounded(.down))).map { [.gallery($0)] }
  }

  /// Panels in a row of a figure that has only a share of its width; nil where its own rows do.
  private func fewerColumns(_ rows: [[Panel]], share: Double) -> Int? {
    guard let most = rows.map(\.count).max(), most > 1, share < Self.muchNarrower else { return nil }
    return max(1, Int((Double(most) * share).rounded(.down)))
  }
}
