extension Figure {
  /// What cannot be drawn in a figure that was read from a file; nil where all can.
  ///
  /// Figures made by their initialisers pass: those stop the program instead.
  package var flaw: String? {
    guard width > 0, width <= 2000, rowHeight > 0, rowHeight <= 2000 else {
      return "is \(width)×\(rowHeight) mm; up to 2000 are possible"
    }
    guard panels.contains(where: { !$0.isEmpty }) else { return "has no panel" }
    return panels.joined().lazy.compactMap(\.flaw).first
  }
}

extension Panel {
  fileprivate var flaw: String? {
    switch self {
    case .chart(let chart): chart.marks.lazy.compactMap(\.flaw).first
    case .heatMap(let map): map.flaw
    case .gallery(let gallery): gallery.flaw
    case .empty: nil
    }
  }
}

extension Mark {
  fileprivate var flaw: String? {
    switch self {
    case .line(let line): line.look.flaw
    case .points(let points): points.look.flaw
    case .bars(let bars): bars.series.lazy.compactMap(\.look.flaw).first
    case .intervals(let intervals):
      ([intervals.look] + intervals.rows.compactMap(\.look)).lazy.compactMap(\.flaw).first
    case .histogram(let histogram):
      zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 } && histogram.edges.allSatisfy(\.isFinite)
        ? histogram.series.lazy.compactMap(\.look.flaw).first : "has a histogram whose edges do not increase"
    case .horizontalRule, .verticalRule, .shade: nil
    }
  }
}

extension Look {
  fileprivate var flaw: String? {
    dash.allSatisfy { $0 >= 0 && $0.isFinite } && (dash.isEmpty || dash.contains { $0 > 0 })
      ? nil : "has a dash \(dash), which cannot be drawn"
  }
}

extension HeatMap {
  fileprivate var flaw: String? {
    let columns = values.first?.count ?? 0
    let fits =
      values.allSatisfy { $0.count == columns } && (rowLabels.isEmpty || rowLabels.count == values.count)
      && (columnLabels.isEmpty || columnLabels.count == columns)
    return fits ? nil : "has a heat map whose labels or rows do not fit its cells"
  }
}

extension Gallery {
  fileprivate var flaw: String? {
    let columns = cells.first?.count ?? 0
    let fits =
      cells.allSatisfy { $0.count == columns } && (columnTitles.isEmpty || columnTitles.count == columns)
      && (rowTitles.isEmpty || rowTitles.count == cells.count) && columnGroups.allSatisfy { $0.count > 0 }
      && (columnGroups.isEmpty || columnGroups.reduce(0) { $0 + $1.count } == columns)
    guard fits, captions.map({ $0.map(\.count) == cells.map(\.count) }) ?? true else {
      return "has a gallery whose titles or rows do not fit its cells"
    }
    return cells.joined().allSatisfy(\.isWhole) ? nil : "has a gallery with a picture of another size than it says"
  }
}

extension Gallery.Cell {
  fileprivate var isWhole: Bool {
    let possible = 1...4096
    return switch self {
    case .image(let width, let height, let rgb):
      possible.contains(width) && possible.contains(height) && rgb.count == 3 * width * height
    case .heat(let rows, let columns, let values, _):
      possible.contains(rows) && possible.contains(columns) && values.count == rows * columns
    case .tiles(let rows, let columns, let colors, _):
      possible.contains(rows) && possible.contains(columns) && colors.count == rows * columns
    case .mask, .blank: true
    }
  }
}
