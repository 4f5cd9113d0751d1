import Plotting

/// The rows of one series are replaced by what this gives for them.
///
/// - Parameters:
///   - panel: from 1.
///   - series: from 1, within the panel.
///   - name: what the legend calls it.
///   - rows: as they are.
typealias SeriesChange = (_ panel: Int, _ series: Int, _ name: String?, _ rows: [FigureRow]) throws -> [FigureRow]

extension Figure {
  /// The figure with the rows of every series changed, in the order of panels and marks.
  ///
  /// - Throws: ``RowCount`` where a series is given another number of rows than its labels have, and what `change`
  ///   throws.
  func changingSeries(_ change: SeriesChange) throws -> Figure {
    var panel = 0
    let panels = try panels.map { row in
      try row.map { one -> Panel in
        panel += 1
        var series = 0
        return try one.changingSeries { name, rows in
          series += 1
          return try change(panel, series, name, rows)
        }
      }
    }
    return Figure(width: width, panels: panels, rowHeight: rowHeight, showsLegend: showsLegend)
  }
}

/// A series has another number of rows than it needs.
struct RowCount: Error {
  let needed: Int
}

private typealias Change = (_ name: String?, _ rows: [FigureRow]) throws -> [FigureRow]

extension Panel {
  fileprivate func changingSeries(_ change: Change) throws -> Panel {
    switch self {
    case .chart(var chart):
      chart.marks = try chart.marks.map { try $0.changingSeries(change) }
      return .chart(chart)
    case .heatMap(var map):
      let columns = map.values.first?.count ?? 0
      let labels = { (row: Int, column: Int) in
        [map.rowLabels.isEmpty ? nil : map.rowLabels[row], map.columnLabels.isEmpty ? nil : map.columnLabels[column]]
          .compactMap(\.self).joined(separator: " / ")
      }
      let rows = map.values.indices.flatMap { row in
        (0..<columns).map { column -> FigureRow in
          let label = labels(row, column)
          return FigureRow(
            label: label.isEmpty ? nil : label, row: row, column: column, value: map.values[row][column])
        }
      }
      let changed = try change(nil, rows).counted(map.values.count * columns)
      map.values = map.values.indices.map { row in (0..<columns).map { changed[row * columns + $0].value } }
      return .heatMap(map)
    case .gallery(var gallery):
      for row in gallery.cells.indices {
        for column in gallery.cells[row].indices {
          let titles = [
            gallery.rowTitles.isEmpty ? nil : gallery.rowTitles[row], gallery.group(ofColumn: column),
            gallery.columnTitles.isEmpty ? nil : gallery.columnTitles[column],
          ].compactMap(\.self).joined(separator: " / ")
          gallery.cells[row][column] = try gallery.cells[row][column].changed(titles.isEmpty ? nil : titles, change)
        }
      }
      return .gallery(gallery)
    case .empty: return .empty
    }
  }
}

extension Gallery {
  fileprivate func group(ofColumn column: Int) -> String? {
    var end = 0
    for group in columnGroups {
      end += group.count
      if column < end { return group.title.isEmpty ? nil : group.title }
    }
    return nil
  }
}

extension Gallery.Cell {
  /// Numbers are a series; pictures and masks belong to the drawing.
  fileprivate func changed(_ label: String?, _ change: Change) throws -> Gallery.Cell {
    guard case .heat(let rows, let columns, let values, let outline) = self else { return self }
    let found = values.indices.map { place in
      // By its own shortest decimal form: a table of 0.1 is easier to read than one of 0.10000000149.
      FigureRow(
        label: label, row: place / columns, column: place % columns,
        value: Double("\(values[place])") ?? Double(values[place]))
    }
    let changed = try change(nil, found).counted(rows * columns)
    return .heat(rows: rows, columns: columns, values: changed.map { Float($0.value ?? .nan) }, outline: outline)
  }
}

extension Mark {
  fileprivate func changingSeries(_ change: Change) throws -> Mark {
    switch self {
    case .line(var line):
      let changed = try change(line.name, Self.rows(line.points, line.band))
      (line.points, line.band) = (changed.points, changed.intervals)
      return .line(line)
    case .points(var points):
      let changed = try change(points.name ?? points.label, Self.rows(points.points, points.errors))
      (points.points, points.errors) = (changed.points, changed.intervals)
      return .points(points)
    case .bars(var bars):
      bars.series = try bars.series.map { one in
        var one = one
        let rows = bars.categories.indices.map { place in
          FigureRow(
            label: bars.categories[place], y: one.values.isEmpty ? nil : one.values[place],
            interval: one.errors.isEmpty ? nil : one.errors[place])
        }
        let changed = try change(one.name, rows).counted(bars.categories.count)
        one.values = changed.map { $0.y ?? .nan }
        one.errors = changed.intervals
        return one
      }
      return .bars(bars)
    case .intervals(var intervals):
      let rows = intervals.rows.map { FigureRow(label: $0.label, interval: $0.interval, value: $0.value) }
      let changed = try change(intervals.name, rows).counted(rows.count)
      for (place, row) in changed.enumerated() {
        intervals.rows[place].value = row.value ?? .nan
        intervals.rows[place].interval = row.interval
      }
      return .intervals(intervals)
    case .histogram(var histogram):
      let edges = histogram.edges
      histogram.series = try histogram.series.map { one in
        var one = one
        let bins = max(0, edges.count - 1)
        let rows = (0..<bins).map { bin in
          FigureRow(y: one.counts.isEmpty ? nil : one.counts[bin], left: edges[bin], right: edges[bin + 1])
        }
        one.counts = try change(one.name, rows).counted(bins).map { $0.y ?? .nan }
        return one
      }
      return .histogram(histogram)
    case .horizontalRule, .verticalRule, .shade: return self
    }
  }

  private static func rows(_ points: [Point], _ intervals: [Interval]) -> [FigureRow] {
    points.indices.map { place in
      FigureRow(
        x: points[place].x, y: points[place].y, interval: intervals.isEmpty ? nil : intervals[place])
    }
  }
}

extension [FigureRow] {
  fileprivate var points: [Point] { map { Point($0.x ?? .nan, $0.y ?? .nan) } }

  /// One for each row, or none where no row has one.
  fileprivate var intervals: [Interval] { contains { $0.low != nil || $0.high != nil } ? map(\.interval) : [] }

  fileprivate func counted(_ needed: Int) throws -> [FigureRow] {
    guard count == needed else { throw RowCount(needed: needed) }
    return self
  }
}
