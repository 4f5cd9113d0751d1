/// Puts the panels of a figure into rows and columns, with the legend below.
struct FigureLayout {
  private let figure: Figure
  private let measures: Measures
  private let meter: TextMeter
  private let width: Double
  private let layouts: [[any PanelLayout]]

  /// - Parameters:
  ///   - figure: the panels.
  ///   - scale: size of text and lines.
  ///   - meter: measures all texts.
  init(_ figure: Figure, scale: FigureScale, meter: TextMeter) {
    let measures = Measures(scale)
    self.figure = figure
    self.measures = measures
    self.meter = meter
    width = figure.width / 25.4 * 72
    layouts = figure.panels.map { row in
      row.map { panel in
        switch panel {
        case .chart(let chart): ChartLayout(chart, measures: measures, meter: meter)
        case .heatMap(let map): HeatMapLayout(map, measures: measures, meter: meter)
        case .gallery(let gallery): GalleryLayout(gallery, measures: measures, meter: meter)
        case .empty: EmptyLayout()
        }
      }
    }
  }

  /// The figure as a drawing.
  func scene() -> Scene {
    let heights = figure.panels.indices.map(rowHeight)
    let sizes = figure.panels.indices.map { Size(panelWidth($0), heights[$0]) }
    let insets = aligned(sizes)
    var elements: [Element] = []
    var top = measures.pad
    for (row, size) in sizes.enumerated() {
      for (column, layout) in layouts[row].enumerated() {
        let outer = Rectangle(
          x: measures.pad + Double(column) * (size.width + gap), y: top, width: size.width, height: size.height)
        elements += layout.elements(plot: outer.inset(by: insets[row][column]), outer: outer)
      }
      top += size.height + (row + 1 < sizes.count ? 2 * measures.pad : 0)
    }
    let legend = LegendLayout(
      figure.showsLegend ? LegendEntry.entries(figure.panels.flatMap { $0 }) : [], width: width - 2 * measures.pad,
      measures: measures, meter: meter)
    elements += legend.elements(Rectangle(x: 0, y: top, width: width, height: legend.height))
    return Scene(size: Size(width, top + legend.height + measures.pad), elements: elements)
  }

  /// Between the panels of a row: constrained layout's padding, and 2 % of the width.
  private var gap: Double { 2 * measures.pad + 0.02 * width }

  private func panelWidth(_ row: Int) -> Double {
    let count = Double(layouts[row].count)
    return max(1, (width - 2 * measures.pad - (count - 1) * gap) / count)
  }

  private func rowHeight(_ row: Int) -> Double {
    let needed = layouts[row].map { $0.neededHeight(width: panelWidth(row)) }
    let asked = figure.rowHeight / 25.4 * 72
    let isGalleries = figure.panels[row].allSatisfy { if case .gallery = $0 { true } else { false } }
    return isGalleries ? needed.compactMap { $0 }.max() ?? asked : needed.compactMap { $0 }.reduce(asked, max)
  }

  /// Insets of all panels: those of a row share their lower and upper edges, charts of a column their sides.
  private func aligned(_ sizes: [Size]) -> [[Insets]] {
    var insets = layouts.indices.map { row in layouts[row].map { $0.insets(outer: sizes[row]) } }
    // What a panel needs depends on the room that its neighbours leave it: two rounds settle it.
    for _ in 0..<2 {
      share(\.isFramed, of: { row, _ in row }, &insets) {
        $0.top = max($0.top, $1.top); $0.bottom = max($0.bottom, $1.bottom)
      }
      if Set(layouts.map(\.count)).count == 1 {
        for isKind: (Panel) -> Bool in [\.isChart, \.isHeatMap] {
          share(isKind, of: { _, column in column }, &insets) {
            $0.left = max($0.left, $1.left)
            $0.right = max($0.right, $1.right)
          }
        }
      }
      for (row, size) in sizes.enumerated() {
        for (column, layout) in layouts[row].enumerated() {
          let plot = Rectangle(x: 0, y: 0, width: size.width, height: size.height).inset(by: insets[row][column])
          insets[row][column] = insets[row][column].union(layout.insets(plot: plot.size))
        }
      }
    }
    return insets
  }

  /// Makes panels of a kind that belong together have common insets.
  private func share(
    _ isKind: (Panel) -> Bool, of group: (_ row: Int, _ column: Int) -> Int, _ insets: inout [[Insets]],
    _ merge: (inout Insets, Insets) -> Void
  ) {
    let places = layouts.indices.flatMap { row in layouts[row].indices.map { (row: row, column: $0) } }
      .filter { isKind(figure.panels[$0.row][$0.column]) }
    for (_, members) in Dictionary(grouping: places, by: { group($0.row, $0.column) }) {
      let all = members.map { insets[$0.row][$0.column] }
      for place in members { all.forEach { merge(&insets[place.row][place.column], $0) } }
    }
  }
}

extension Panel {
  fileprivate var isChart: Bool { if case .chart = self { true } else { false } }
  fileprivate var isHeatMap: Bool { if case .heatMap = self { true } else { false } }
  fileprivate var isFramed: Bool { isChart || isHeatMap }
}
