/// A named series as a legend explains it.
struct LegendEntry: Equatable {
  let name: String
  let look: Look
  var hasLine = false
  var hasMarker = false
  var hasBand = false
  var isPatch = false

  /// The named series of all panels in their order, each once.
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
    guard case .chart(let chart) = panel else { return [] }
    return chart.marks.flatMap { mark -> [LegendEntry] in
      switch mark {
      case .line(let line):
        return line.name.map {
          [LegendEntry(name: $0, look: line.look, hasLine: true, hasMarker: true, hasBand: !line.band.isEmpty)]
        } ?? []
      case .points(let points):
        return points.name.map { [LegendEntry(name: $0, look: points.look, hasMarker: true)] } ?? []
      case .intervals(let rows):
        return rows.name.map { [LegendEntry(name: $0, look: rows.look, hasMarker: true)] } ?? []
      case .bars(let bars):
        return bars.series.compactMap { one in one.name.map { LegendEntry(name: $0, look: one.look, isPatch: true) } }
      case .histogram(let histogram):
        let isPatch = histogram.style == .sideBySide
        return histogram.series.compactMap { one in
          one.name.map {
            LegendEntry(name: $0, look: one.look, hasLine: !isPatch, hasBand: !isPatch, isPatch: isPatch)
          }
        }
      case .horizontalRule, .verticalRule: return []
      }
    }
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
      let side = min(box.height, box.width)
      let patch = Rectangle(x: box.midX - side * 0.7, y: box.midY - side / 2, width: side * 1.4, height: side)
      elements.append(.shape(.rectangle(patch, fill: Shape.Paint(color: look.color))))
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
