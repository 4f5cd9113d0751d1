/// The boxes of a figure's panels, and what surrounds the plot in each.
struct PanelGrid {
  let layouts: [[any PanelLayout]]
  private(set) var insets: [[Insets]] = []
  /// Of the figure, in points.
  let width: Double
  private let panels: [[Panel]]
  private let pad: Double
  private let gap: Double
  private var sizes: [Size] = []

  /// - Parameters:
  ///   - figure: the panels.
  ///   - measures: sizes of text and lines.
  ///   - meter: measures all texts.
  ///   - isNoted: whether marks tell their values.
  init(_ figure: Figure, measures: Measures, meter: TextMeter, isNoted: Bool) {
    panels = figure.panels
    width = figure.width / 25.4 * 72
    pad = measures.pad
    // Constrained layout's padding, and 2 % of the width.
    gap = 2 * measures.pad + 0.02 * width
    layouts = figure.panels.map { row in
      row.map { panel in
        switch panel {
        case .chart(let chart): ChartLayout(chart, measures: measures, meter: meter, isNoted: isNoted)
        case .heatMap(let map): HeatMapLayout(map, measures: measures, meter: meter, isNoted: isNoted)
        case .gallery(let gallery): GalleryLayout(gallery, measures: measures, meter: meter, isNoted: isNoted)
        case .empty: EmptyLayout()
        }
      }
    }
    sizes = layouts.indices.map { size(ofRow: $0, asked: figure.rowHeight / 25.4 * 72) }
    insets = layouts.indices.map { row in layouts[row].map { $0.insets(outer: sizes[row]) } }
    align()
  }

  /// Lower end of the last row.
  var bottom: Double { box(sizes.count - 1, 0).maxY }

  /// Whether every plot has a fair share of its panel.
  var hasRoom: Bool {
    layouts.indices.allSatisfy { row in
      insets[row].allSatisfy { insets in
        sizes[row].width - insets.left - insets.right >= 0.3 * sizes[row].width
          && sizes[row].height - insets.top - insets.bottom >= 0.3 * sizes[row].height
      }
    }
  }

  /// The box of a panel with all that surrounds its plot.
  func box(_ row: Int, _ column: Int) -> Rectangle {
    let top = sizes[..<row].reduce(pad) { $0 + $1.height + 2 * pad }
    return Rectangle(
      x: pad + Double(column) * (sizes[row].width + gap), y: top, width: sizes[row].width, height: sizes[row].height)
  }

  private func size(ofRow row: Int, asked: Double) -> Size {
    let count = Double(layouts[row].count)
    let panelWidth = max(1, (width - 2 * pad - (count - 1) * gap) / count)
    let needed = layouts[row].compactMap { $0.neededHeight(width: panelWidth) }
    let height = panels[row].allSatisfy(\.isGallery) ? needed.max() ?? asked : needed.reduce(asked, max)
    return Size(panelWidth, height)
  }

  /// Gives the panels of a row common lower and upper edges, and those of a kind in a column common sides.
  private mutating func align() {
    // What a panel needs depends on the room that its neighbours leave it: two rounds settle it.
    for _ in 0..<2 {
      share({ $0.isChart || $0.isHeatMap }, of: { row, _ in row }) { insets, other in
        insets.top = max(insets.top, other.top)
        insets.bottom = max(insets.bottom, other.bottom)
      }
      if Set(layouts.map(\.count)).count == 1 {
        for isKind: (Panel) -> Bool in [\.isChart, \.isHeatMap] {
          share(isKind, of: { _, column in column }) { insets, other in
            insets.left = max(insets.left, other.left)
            insets.right = max(insets.right, other.right)
          }
        }
      }
      for (row, size) in sizes.enumerated() {
        for (column, layout) in layouts[row].enumerated() {
          let plot = box(row, column).inset(by: insets[row][column])
          insets[row][column] = insets[row][column].union(layout.insets(plot: plot.size, outer: size))
        }
      }
    }
  }

  /// Makes panels of a kind that belong to the same group have common insets.
  private mutating func share(
    _ isKind: (Panel) -> Bool, of group: (_ row: Int, _ column: Int) -> Int,
    _ merge: (_ insets: inout Insets, _ other: Insets) -> Void
  ) {
    let places = layouts.indices.flatMap { row in layouts[row].indices.map { (row: row, column: $0) } }
      .filter { isKind(panels[$0.row][$0.column]) }
    for place in places {
      for other in places where group(other.row, other.column) == group(place.row, place.column) {
        merge(&insets[place.row][place.column], insets[other.row][other.column])
      }
    }
  }
}

extension Panel {
  fileprivate var isChart: Bool { if case .chart = self { true } else { false } }
  fileprivate var isHeatMap: Bool { if case .heatMap = self { true } else { false } }
  fileprivate var isGallery: Bool { if case .gallery = self { true } else { false } }
}
