/// The boxes of a figure's panels, and what surrounds the plot in each.
struct PanelGrid {
  let layouts: [[any PanelLayout]]
  private(set) var insets: [[Insets]] = []
  /// Of the figure, in points.
  let width: Double
  private let panels: [[Panel]]
  private let pad: Double
  private let gap: Double
  /// Height asked for a row.
  private let rowHeight: Double
  private let leans: [[Bool]]
  private var sizes: [[Size]] = []

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
    rowHeight = figure.rowHeight / 25.4 * 72
    let leans = figure.panels.map { row in row.indices.map { $0 > 0 && row[$0].leans(on: row[$0 - 1]) } }
    self.leans = leans
    layouts = zip(figure.panels, leans).map { row, leans in
      row.indices.map { column in
        // Those at the right that lean on it, or would do so if their place were not empty.
        let rest = row.indices.dropFirst(column + 1).prefix { leans[$0] || row[$0] == .empty }
        let named = leans[column] ? 0 : 1 + rest.count
        return switch row[column] {
        case .chart(let chart):
          ChartLayout(chart, namedPanels: named, measures: measures, meter: meter, isNoted: isNoted)
        case .heatMap(let map):
          HeatMapLayout(map, namedPanels: named, measures: measures, meter: meter, isNoted: isNoted)
        case .gallery(let gallery): GalleryLayout(gallery, measures: measures, meter: meter, isNoted: isNoted)
        case .empty: EmptyLayout()
        }
      }
    }
    measure(extras: layouts.map { $0.map { _ in 0 } })
    // Names take more lines in a narrow box: a wider one changes what they need.
    if leans.joined().contains(true) { for _ in 0..<8 { measure(extras: extras) } }
    align()
  }

  /// Sizes and insets where panels have so much more width than the others of their row.
  private mutating func measure(extras: [[Double]]) {
    sizes = layouts.indices.map { sizes(ofRow: $0, extras[$0]) }
    insets = layouts.indices.map { row in zip(layouts[row], sizes[row]).map { $0.insets(outer: $1) } }
  }

  /// The room that names of rows take, for the panels that have them for those at their right: so all plots of a row
  /// are equally wide, and those of a column too where rows have as many panels.
  private var extras: [[Double]] {
    let own = layouts.indices.map { row in
      let rest = zip(leans[row], insets[row]).filter(\.0).map(\.1.left).max()
      return layouts[row].indices.map { column -> Double in
        guard let rest, !leans[row][column], layouts[row].indices.contains(column + 1), leans[row][column + 1] else {
          return 0
        }
        return max(0, insets[row][column].left - rest)
      }
    }
    guard let count = own.first?.count, own.allSatisfy({ $0.count == count }) else { return own }
    let most = (0..<count).map { column in own.map { $0[column] }.max() ?? 0 }
    return own.map { _ in most }
  }

  /// Lower end of the last row.
  var bottom: Double { box(sizes.count - 1, 0).maxY }

  /// Whether every plot has a fair share of its panel.
  var hasRoom: Bool {
    layouts.indices.allSatisfy { row in
      zip(insets[row], sizes[row]).allSatisfy { insets, size in
        size.width - insets.left - insets.right >= 0.3 * size.width
          && size.height - insets.top - insets.bottom >= 0.3 * size.height
      }
    }
  }

  /// The box of a panel with all that surrounds its plot.
  func box(_ row: Int, _ column: Int) -> Rectangle {
    let top = sizes[..<row].reduce(pad) { $0 + $1[0].height + 2 * pad }
    let left = sizes[row][..<column].reduce(pad) { $0 + $1.width + gap }
    let size = sizes[row][column]
    return Rectangle(x: left, y: top, width: size.width, height: size.height)
  }

  private func sizes(ofRow row: Int, _ extras: [Double]) -> [Size] {
    let count = Double(layouts[row].count)
    let even = (width - 2 * pad - (count - 1) * gap - extras.reduce(0, +)) / count
    let widths = extras.map { max(1, even + $0) }
    let needed = zip(layouts[row], widths).compactMap { $0.neededHeight(width: $1) }
    let height = panels[row].allSatisfy(\.isGallery) ? needed.max() ?? rowHeight : needed.reduce(rowHeight, max)
    return widths.map { Size($0, height) }
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
      for row in layouts.indices {
        for (column, layout) in layouts[row].enumerated() {
          let plot = box(row, column).inset(by: insets[row][column])
          insets[row][column] = insets[row][column].union(layout.insets(plot: plot.size, outer: sizes[row][column]))
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
