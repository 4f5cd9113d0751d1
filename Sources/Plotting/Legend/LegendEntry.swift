/// A named series as a legend explains it.
struct LegendEntry: Equatable {
  let name: String
  let look: Look
  var hasLine = false
  var hasMarker = false
  var hasBand = false
  var isPatch = false

  /// The named series of all panels in their order, each once; those without anything to show are left out.
  static func entries(_ panels: [Panel]) -> [LegendEntry] {
    var entries: [LegendEntry] = []
    for entry in panels.flatMap(entries(of:)) where !entry.name.allSatisfy(\.isWhitespace) {
      guard let same = entries.firstIndex(where: { $0.name == entry.name && $0.look == entry.look }) else {
        entries.append(entry)
        continue
      }
      entries[same].hasLine = entries[same].hasLine || entry.hasLine
      entries[same].hasMarker = entries[same].hasMarker || entry.hasMarker
      entries[same].hasBand = entries[same].hasBand || entry.hasBand
      entries[same].isPatch = entries[same].isPatch || entry.isPatch
    }
    return entries
  }

  private static func entries(of panel: Panel) -> [LegendEntry] {
    switch panel {
    case .chart(let chart): chart.marks.flatMap(entries(of:))
    case .gallery(let gallery):
      (gallery.keys ?? []).map { LegendEntry(name: $0.name, look: Look(color: $0.color), isPatch: true) }
    case .heatMap, .empty: []
    }
  }

  private static func entries(of mark: Mark) -> [LegendEntry] {
    switch mark {
    case .line(let line):
      let isShown = line.points.contains { $0.isFinite }
      return entry(line.name, line.look, isShown) {
        $0.hasLine = true
        $0.hasMarker = true
        $0.hasBand = line.band.contains { $0.isFinite }
      }
    case .points(let points):
      return entry(points.name, points.look, points.points.contains { $0.isFinite }) { $0.hasMarker = true }
    case .intervals(let rows):
      let isShown = rows.rows.contains { $0.value.isFinite || $0.interval.isFinite }
      return entry(rows.name, rows.look, isShown) { $0.hasMarker = true }
    case .bars(let bars):
      return bars.series.flatMap { one in
        entry(one.name, one.look, one.values.contains { $0.isFinite }) { $0.isPatch = true }
      }
    case .histogram(let histogram):
      return histogram.series.flatMap { one in
        entry(one.name, one.look, one.counts.contains { $0.isFinite }) {
          $0.isPatch = histogram.style == .sideBySide
          $0.hasLine = histogram.style == .steps
          $0.hasBand = histogram.style == .steps
        }
      }
    case .horizontalRule, .verticalRule, .shade: return []
    }
  }

  private static func entry(
    _ name: String?, _ look: Look, _ isShown: Bool, _ fill: (inout LegendEntry) -> Void
  ) -> [LegendEntry] {
    guard isShown, let name else { return [] }
    var entry = LegendEntry(name: name, look: look)
    fill(&entry)
    return [entry]
  }

  /// The sample beside the name.
  ///
  /// - Parameters:
  ///   - box: the room for it.
  ///   - measures: widths of lines and markers.
  /// - Returns: from back to front.
  func sample(_ box: Rectangle, _ measures: Measures) -> [Element] {
    var elements: [Element] = []
    if isPatch && !hasLine {
      elements += look.filling(box, spacing: measures.hatching)
    }
    if hasBand {
      elements.append(.shape(.rectangle(box, fill: Shape.Paint(color: look.color, alpha: 0.18))))
    }
    if hasLine { elements.append(.shape(.horizontal(box.midY, box.x...box.maxX, look.stroke(measures.dataLine)))) }
    let middle = Point(box.midX, box.midY)
    if hasMarker, let marker = look.markerShape(at: middle, diameter: measures.marker * (hasLine ? 1 : 1.15)) {
      elements.append(.shape(marker))
    }
    return elements
  }
}
