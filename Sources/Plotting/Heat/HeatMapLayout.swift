/// A heat map with its labels and its colour bar.
struct HeatMapLayout: PanelLayout {
  /// Cells have their values printed up to this many rows and columns.
  static let mostPrinted = 12

  let map: HeatMap
  let measures: Measures
  let meter: TextMeter
  private let bar: ColourBar
  private let namedPanels: Int
  private let isNoted: Bool
  private var rows: Int { map.values.count }
  private var columns: Int { map.values.first?.count ?? 0 }

  /// - Parameters:
  ///   - map: the numbers with their labels.
  ///   - namedPanels: whose rows have their labels at the left of this one: its own, and those at its right with the
  ///     same rows; 0 where a neighbour has them.
  ///   - measures: sizes of text and gaps.
  ///   - meter: measures all texts.
  ///   - isNoted: whether cells tell their values.
  init(_ map: HeatMap, namedPanels: Int, measures: Measures, meter: TextMeter, isNoted: Bool) {
    self.map = map
    self.namedPanels = namedPanels
    self.isNoted = isNoted
    self.measures = measures
    self.meter = meter
    let range = ColourBar.range(map.range, map.values.joined().compactMap { $0 }, map.scale)
    bar = ColourBar(scale: map.scale, range: range, label: map.colourBarLabel, measures: measures, meter: meter)
  }

  func neededHeight(width: Double) -> Double? { nil }

  func insets(plot: Size, outer: Size) -> Insets { parts(plot, outer).insets }

  func elements(plot: Rectangle, outer: Rectangle) -> [Element] {
    let parts = parts(plot.size, outer.size)
    var elements = cells(plot)
    elements += parts.rowLabels.flatMap { index, block in
      block.elements(
        at: Point(plot.x - measures.tickPad, plot.y + (Double(index) + 0.5) * plot.height / Double(max(1, rows))),
        .trailing, .middle, meter: meter)
    }
    let labelTop = plot.maxY + measures.tickPad
    elements += parts.columnLabels.elements(plot, top: labelTop, meter: meter)
    elements += parts.columnTitle.elements(
      at: Point(plot.midX, labelTop + parts.columnLabels.height + measures.labelPad * 0.5), .center, .top,
      meter: meter)
    elements += parts.rowTitle.verticalElements(
      x: plot.x - measures.tickPad - parts.rowLabelWidth - measures.labelPad - parts.rowTitle.height, y: plot.midY,
      meter: meter)
    elements += parts.title.elements(
      at: Point(plot.midX, plot.y - measures.titlePad), .center, .bottom, meter: meter)
    return elements + bar.elements(beside: plot)
  }

  private struct Parts {
    let rowLabels: [(index: Int, block: TextBlock)]
    let columnLabels: CategoryLabels
    let rowTitle: TextBlock
    let columnTitle: TextBlock
    let title: TextBlock
    let insets: Insets

    var rowLabelWidth: Double { rowLabels.map(\.block.width).max() ?? 0 }
  }

  private func parts(_ plot: Size, _ outer: Size) -> Parts {
    let lineHeight = TextMeter.Proportion.line * measures.tick
    let slot = plot.height / Double(max(1, rows))
    let step = CategoryLabels.step(Int((lineHeight / max(slot, 0.01)).rounded(.up)))
    let shown = Array(stride(from: 0, to: namedPanels > 0 ? map.rowLabels.count : 0, by: step))
    let blocks = meter.fitted(
      all: shown.map { map.rowLabels[$0] }, measures.tick, within: max(40, outer.width * (namedPanels > 1 ? 0.4 : 0.3)),
      maximumLines: min(3, max(1, Int(slot / lineHeight))))
    let rowLabels = zip(shown, blocks).map { (index: $0, block: $1) }
    let columnLabels = CategoryLabels(
      map.columnLabels, length: plot.width, longest: max(30, outer.height * 0.4), size: measures.tick, meter: meter)
    let rowTitle = meter.fitted(
      (namedPanels > 0 ? map.rowAxisLabel : nil) ?? "", measures.label, within: max(20, plot.height))
    var insets = Insets()
    let overhang = columnLabels.overhang(length: plot.width)
    let rowLabelWidth = rowLabels.map(\.block.width).max() ?? 0
    insets.left = rowLabels.isEmpty ? 0 : measures.tickPad + rowLabelWidth
    if !rowTitle.isEmpty { insets.left += measures.labelPad + rowTitle.height }
    insets.left = max(insets.left, overhang)
    insets.right = max(bar.width(height: plot.height), overhang)
    let room = plot.width + 2 * min(insets.left, insets.right)
    let columnTitle = meter.fitted(map.columnAxisLabel ?? "", measures.label, within: room)
    let title = meter.fitted(map.title ?? "", measures.title, within: room)
    insets.bottom = map.columnLabels.isEmpty ? measures.tick * 0.5 : measures.tickPad + columnLabels.height
    if !columnTitle.isEmpty { insets.bottom += measures.labelPad * 0.5 + columnTitle.height }
    insets.top = title.isEmpty ? measures.tick * 0.5 : measures.titlePad + title.height
    return Parts(
      rowLabels: rowLabels, columnLabels: columnLabels, rowTitle: rowTitle, columnTitle: columnTitle, title: title,
      insets: insets)
  }

  private func cells(_ plot: Rectangle) -> [Element] {
    guard rows > 0 && columns > 0 else {
      return meter.fitted("no data", measures.label, within: plot.width, maximumLines: 1)
        .elements(at: Point(plot.midX, plot.midY), .center, .middle, color: Measures.faint, meter: meter)
    }
    let colors = map.values.joined().map { bar.color($0 ?? .nan) }
    let legend =
      isNoted
      ? RasterLegend(
        rows: map.rowLabels, columns: map.columnLabels, quantity: map.colourBarLabel,
        values: map.values.joined().map { $0 ?? .nan }) : nil
    var elements: [Element] = [.raster(Raster(width: columns, height: rows, pixels: colors, legend: legend), plot)]
    guard rows <= Self.mostPrinted && columns <= Self.mostPrinted else { return elements }
    let stroke = Shape.Stroke(color: .white, width: measures.gridLine)
    let (width, height) = (plot.width / Double(columns), plot.height / Double(rows))
    for column in 1..<max(columns, 1) {
      elements.append(.shape(.vertical(plot.x + Double(column) * width, plot.y...plot.maxY, stroke)))
    }
    for row in 1..<max(rows, 1) {
      elements.append(.shape(.horizontal(plot.y + Double(row) * height, plot.x...plot.maxX, stroke)))
    }
    return elements + values(plot, Size(width, height))
  }

  /// The values in their cells, all of one size; none where that would be too small to read.
  private func values(_ plot: Rectangle, _ cell: Size) -> [Element] {
    let finite = map.values.joined().compactMap { $0 }.filter(\.isPlottable)
    let texts = CellText(finite)
    let widest = finite.map { meter.width(texts.text($0), 1) }.max() ?? 1
    let size = min(measures.cellValue, cell.width * 0.92 / widest, cell.height * 0.85)
    guard size >= 5 else { return [] }
    return map.values.enumerated().flatMap { row, values in
      values.enumerated().flatMap { column, value -> [Element] in
        guard let value, value.isPlottable else { return [] }
        let middle = Point(plot.x + (Double(column) + 0.5) * cell.width, plot.y + (Double(row) + 0.5) * cell.height)
        let color = bar.color(value).luminance > 0.3 ? Measures.ink : .white
        return meter.block(texts.text(value), size).elements(at: middle, .center, .middle, color: color, meter: meter)
      }
    }
  }
}
