/// Sizes of a gallery's cells and of what surrounds them.
struct GalleryParts {
  let title: TextBlock
  let columnTitles: [TextBlock]
  /// Whether the columns' titles read upwards, since their words are wider than a column.
  let areTitlesTurned: Bool
  let rowTitles: [TextBlock]
  let groupTitles: [TextBlock]
  /// Room above the grid.
  let top: Double
  /// Room below the grid.
  let bottom: Double
  /// Room at the left of the grid.
  let left: Double
  /// With all that surrounds the grid.
  let width: Double
  let columnTitleHeight: Double
  /// Below every cell.
  let captionHeight: Double
  let cell: Size
  private let gap: Double
  private let groupGap: Double
  /// For each column the number of groups that end before it.
  private let groupsBefore: [Int]
  private let rows: Int

  /// - Parameters:
  ///   - gallery: what is shown.
  ///   - outer: the room; an infinite height lets the width decide.
  ///   - proportion: width over height of a cell.
  ///   - bar: at the right of the grid.
  ///   - measures: sizes of text and gaps.
  ///   - meter: measures titles.
  init(
    _ gallery: Gallery, _ outer: Size, proportion: Double, bar: ColourBar?, measures: Measures, meter: TextMeter
  ) {
    let rows = gallery.cells.count
    self.rows = rows
    let columns = gallery.cells.first?.count ?? 0
    gap = measures.pad * 0.8
    groupGap = measures.pad * 2
    let groups = gallery.columnGroups.enumerated().flatMap { Array(repeating: $0, count: $1.count) }
    groupsBefore = groups.isEmpty ? Array(repeating: 0, count: columns) : groups

    captionHeight = gallery.captions == nil ? 0 : meter.block("0", Self.captionSize(measures)).height
    let captionHeight = self.captionHeight
    rowTitles = meter.fitted(all: gallery.rowTitles, measures.tick, within: max(24, outer.width * 0.2))
    left = rowTitles.isEmpty ? 0 : (rowTitles.map(\.width).max() ?? 0) + measures.labelPad
    // Half of the uppermost and of the lowermost label of the bar stand out of it.
    let barMargin = bar == nil ? 0 : measures.tick * 0.5
    bottom = barMargin
    let gaps = Double(max(0, columns - 1)) * gap + Double(groupsBefore.last ?? 0) * groupGap
    let title = meter.fitted(gallery.title ?? "", measures.title, within: outer.width)
    self.title = title
    func isTurned(_ cellWidth: Double) -> Bool {
      gallery.columnTitles.flatMap { $0.split(whereSeparator: \.isNewline).flatMap { Quantity.words(String($0)) } }
        .contains { meter.width($0, measures.tick * 0.75) > max(8, cellWidth) }
    }
    func titles(_ cellWidth: Double) -> [TextBlock] {
      isTurned(cellWidth)
        ? meter.fitted(all: gallery.columnTitles, measures.tick, within: outer.width * 0.3, maximumLines: 1)
        : meter.fitted(all: gallery.columnTitles, measures.tick, within: max(8, cellWidth))
    }
    func groupTitles(_ cellWidth: Double) -> [TextBlock] {
      gallery.columnGroups.map { group in
        let count = Double(group.count)
        let room = count * cellWidth + (count - 1) * measures.pad * 0.8
        return meter.fitted(group.title, measures.label, within: room, smallest: 0.6)
      }
    }
    func room(
      _ titles: [TextBlock], _ groupTitles: [TextBlock], isTurned: Bool
    ) -> (columns: Double, all: Double) {
      let columns = titles.map { isTurned ? $0.width : $0.height }.max() ?? 0
      let groups = groupTitles.map(\.height).max() ?? 0
      let above = title.isEmpty ? 0 : title.height + measures.titlePad
      return (
        columns,
        max(
          barMargin,
          above + (groups > 0 ? groups + measures.tickPad * 1.5 : 0) + columns
            + (columns > 0 || groups > 0 ? measures.tickPad * 1.2 : 0))
      )
    }
    var right = 0.0
    var cellWidth = outer.width
    // The room for cells depends on titles and bar, which wrap to the size of the grid: more rounds than it takes to
    // settle.
    for _ in 0..<5 {
      cellWidth = max(1, (outer.width - left - right - gaps) / Double(max(1, columns)))
      if outer.height.isFinite {
        for _ in 0..<3 {
          let above = room(titles(cellWidth), groupTitles(cellWidth), isTurned: isTurned(cellWidth)).all
          let rest = outer.height - above - barMargin - Double(max(0, rows - 1)) * gap - Double(rows) * captionHeight
          cellWidth = max(1, min(cellWidth, rest / Double(max(1, rows)) * proportion))
        }
      }
      let height = Double(rows) * (cellWidth / proportion + captionHeight) + Double(max(0, rows - 1)) * gap
      right = max(right, bar?.width(height: height) ?? 0)
    }
    cell = Size(cellWidth, cellWidth / proportion)
    columnTitles = titles(cellWidth)
    areTitlesTurned = isTurned(cellWidth)
    self.groupTitles = groupTitles(cellWidth)
    (columnTitleHeight, top) = room(columnTitles, self.groupTitles, isTurned: areTitlesTurned)
    width = left + Double(columns) * cellWidth + gaps + right
  }

  var gridWidth: Double {
    let columns = groupsBefore.count
    return Double(columns) * cell.width + Double(max(0, columns - 1)) * gap + Double(groupsBefore.last ?? 0) * groupGap
  }

  /// Size of the font of captions.
  static func captionSize(_ measures: Measures) -> Double { measures.tick * 0.8 }

  var gridHeight: Double { Double(rows) * (cell.height + captionHeight) + Double(max(0, rows - 1)) * gap }

  /// The box of a cell.
  func box(_ row: Int, _ column: Int, _ grid: Rectangle) -> Rectangle {
    Rectangle(
      x: grid.x + Double(column) * (cell.width + gap) + Double(groupsBefore[column]) * groupGap,
      y: grid.y + Double(row) * (cell.height + captionHeight + gap), width: cell.width, height: cell.height)
  }
}
