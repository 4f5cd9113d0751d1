import Support

/// One picture of a figure.
public enum Panel: Sendable, Equatable, Codable {
  /// Marks over two axes.
  case chart(Chart)
  /// A matrix of numbers as colours.
  case heatMap(HeatMap)
  /// A grid of images.
  case gallery(Gallery)
  /// Nothing; keeps the place.
  case empty
}

extension Panel {
  /// Panels in rows of equal widths: what is missing in the last of several rows stays empty.
  ///
  /// - Parameters:
  ///   - panels: row by row from the top; those that are empty are left out.
  ///   - columns: panels in a row, at least 1.
  /// - Returns: rows of `columns` panels, or one row of fewer.
  public static func rows(_ panels: [Panel], columns: Int) -> [[Panel]] {
    precondition(columns > 0, "Panel: rows of \(columns) panels")
    let panels = panels.filter { $0 != .empty }
    guard panels.count > columns else { return [panels] }
    return stride(from: 0, to: panels.count, by: columns).map { start in
      (start..<start + columns).map { panels.indices.contains($0) ? panels[$0] : .empty }
    }
  }
}
