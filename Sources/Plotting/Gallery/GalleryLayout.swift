/// A grid of images with its titles and its colour bar.
struct GalleryLayout: PanelLayout {
  let gallery: Gallery
  let measures: Measures
  let meter: TextMeter
  private let bar: ColourBar?
  private let isNoted: Bool
  /// Width over height of a cell: that of the first one that shows something.
  private let proportion: Double
  private var rows: Int { gallery.cells.count }
  private var columns: Int { gallery.cells.first?.count ?? 0 }

  init(_ gallery: Gallery, measures: Measures, meter: TextMeter, isNoted: Bool) {
    self.gallery = gallery
    self.isNoted = isNoted
    self.measures = measures
    self.meter = meter
    let cells = gallery.cells.joined()
    proportion = (cells.lazy.compactMap(\.proportion).first ?? 1).clamped(to: 0.1...10)
    let heats = cells.filter { if case .heat = $0 { true } else { false } }
    bar =
      heats.isEmpty
      ? nil
      : ColourBar(
        scale: .viridis, range: ColourBar.range(gallery.heatRange, heats.flatMap(\.numbers), .viridis),
        label: gallery.colourBarLabel, measures: measures, meter: meter)
  }

  func neededHeight(width: Double) -> Double? {
    let parts = parts(Size(width, .infinity))
    return parts.top + parts.gridHeight + parts.bottom
  }

  func insets(plot: Size, outer: Size) -> Insets { Insets() }

  func elements(plot: Rectangle, outer: Rectangle) -> [Element] {
    guard rows > 0 && columns > 0 else { return [] }
    let parts = parts(outer.size)
    let left = outer.x + max(0, outer.width - parts.width) / 2
    let grid = Rectangle(
      x: left + parts.left, y: outer.y + parts.top, width: parts.gridWidth, height: parts.gridHeight)
    var elements = parts.title.elements(at: Point(outer.midX, outer.y), .center, .top, meter: meter)
    for (row, cells) in gallery.cells.enumerated() {
      for (column, cell) in cells.enumerated() {
        let box = parts.box(row, column, grid)
        elements += cell.elements(box, bar, measures, isNoted: isNoted)
        guard let caption = gallery.captions?[row][column] else { continue }
        elements += meter.fitted(caption, GalleryParts.captionSize(measures), within: box.width, maximumLines: 1)
          .elements(at: Point(box.midX, box.maxY), .center, .top, meter: meter)
      }
    }
    for (column, block) in parts.columnTitles.enumerated() {
      let box = parts.box(0, column, grid)
      let bottom = grid.y - measures.tickPad
      elements +=
        parts.areTitlesTurned
        ? block.verticalElements(x: box.midX - block.height / 2, y: bottom, .leading, meter: meter)
        : block.elements(at: Point(box.midX, bottom), .center, .bottom, meter: meter)
    }
    for (row, block) in parts.rowTitles.enumerated() {
      let box = parts.box(row, 0, grid)
      elements += block.elements(at: Point(grid.x - measures.labelPad, box.midY), .trailing, .middle, meter: meter)
    }
    elements += groupHeadings(parts, grid)
    guard let bar else { return elements }
    return elements + bar.elements(beside: grid)
  }

  private func groupHeadings(_ parts: GalleryParts, _ grid: Rectangle) -> [Element] {
    var first = 0
    let line = grid.y - parts.columnTitleHeight - measures.tickPad * 1.5
    let stroke = Shape.Stroke(color: Measures.axis, width: measures.axisLine)
    return zip(gallery.columnGroups, parts.groupTitles).flatMap { group, block -> [Element] in
      let (start, end) = (parts.box(0, first, grid).x, parts.box(0, first + group.count - 1, grid).maxX)
      first += group.count
      guard !block.isEmpty else { return [] }
      return [.shape(.horizontal(line, start...end, stroke))]
        + block.elements(at: Point((start + end) / 2, line - measures.tickPad), .center, .bottom, meter: meter)
    }
  }

  private func parts(_ outer: Size) -> GalleryParts {
    GalleryParts(gallery, outer, proportion: proportion, bar: bar, measures: measures, meter: meter)
  }
}
