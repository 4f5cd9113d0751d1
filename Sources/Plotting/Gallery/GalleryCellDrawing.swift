extension Gallery.Cell {
  /// Width over height; nil for a blank cell.
  var proportion: Double? {
    switch self {
    case .image(let width, let height, _): Double(width) / Double(height)
    case .mask(let mask): Double(mask.width) / Double(mask.height)
    case .heat(let rows, let columns, _, _), .tiles(let rows, let columns, _, _): Double(columns) / Double(rows)
    case .blank: nil
    }
  }

  /// The numbers that a heat shows.
  var numbers: [Double] {
    if case .heat(_, _, let values, _) = self { values.map(Double.init) } else { [] }
  }

  /// The cell in the middle of a box, in its own proportions.
  ///
  /// - Parameters:
  ///   - box: the room.
  ///   - bar: the colours of numbers.
  ///   - measures: width of outlines.
  ///   - isNoted: whether numbers are told where a reader points.
  /// - Returns: from back to front.
  func elements(_ box: Rectangle, _ bar: ColourBar?, _ measures: Measures, isNoted: Bool) -> [Element] {
    guard let proportion else { return [] }
    let width = min(box.width, box.height * proportion)
    let height = width / proportion
    let place = Rectangle(x: box.midX - width / 2, y: box.midY - height / 2, width: width, height: height)
    switch self {
    case .image(let width, let height, let rgb):
      let pixels = (0..<width * height).map { Color(red: rgb[3 * $0], green: rgb[3 * $0 + 1], blue: rgb[3 * $0 + 2]) }
      return [.raster(Raster(width: width, height: height, pixels: pixels), place)]
    case .mask(let mask):
      let edge = Shape.Stroke(color: Measures.axis, width: measures.gridLine * 0.5)
      let raster = Raster(width: mask.width, height: mask.height, pixels: mask.isInside.map { $0 ? .white : .black })
      return [.raster(raster, place), .shape(.rectangle(place, stroke: edge))]
    case .heat(let rows, let columns, let values, let outline):
      let pixels = values.map { bar?.color(Double($0)) ?? ColorScale.unknown }
      let legend = isNoted ? RasterLegend(quantity: bar?.label ?? "", values: numbers) : nil
      return [.raster(Raster(width: columns, height: rows, pixels: pixels, legend: legend), place)]
        + (outline?.outline(place, measures) ?? [])
    case .tiles(let rows, let columns, let colors, let outline):
      let edge = Shape.Stroke(color: Measures.axis, width: measures.gridLine * 0.5)
      return [
        .raster(Raster(width: columns, height: rows, pixels: colors), place), .shape(.rectangle(place, stroke: edge)),
      ] + (outline?.outline(place, measures) ?? [])
    case .blank: return []
    }
  }
}

extension Gallery.Mask {
  /// The border between inside and outside: white on black, to be seen on every colour.
  ///
  /// - Parameters:
  ///   - box: what the mask covers.
  ///   - measures: width of lines.
  /// - Returns: nothing for an empty mask.
  func outline(_ box: Rectangle, _ measures: Measures) -> [Element] {
    let (dx, dy) = (box.width / Double(width), box.height / Double(height))
    func inside(_ row: Int, _ column: Int) -> Bool {
      row >= 0 && row < height && column >= 0 && column < width && isInside[row * width + column]
    }
    func corner(_ row: Int, _ column: Int) -> Point { Point(box.x + Double(column) * dx, box.y + Double(row) * dy) }
    var steps: [Shape.Step] = []
    /// Draws the places in a line that lie at a border, one stroke for neighbours.
    func trace(_ count: Int, _ isBorder: (Int) -> Bool, _ point: (Int) -> Point) {
      var start = 0
      while start < count {
        guard isBorder(start) else {
          start += 1
          continue
        }
        let end = (start..<count).first { !isBorder($0) } ?? count
        steps += [.move(point(start)), .line(point(end))]
        start = end
      }
    }
    for row in 0...height {
      trace(width, { inside(row - 1, $0) != inside(row, $0) }, { corner(row, $0) })
    }
    for column in 0...width {
      trace(height, { inside($0, column - 1) != inside($0, column) }, { corner($0, column) })
    }
    guard !steps.isEmpty else { return [] }
    let line = measures.gridLine
    return [
      .clipped(
        box,
        [
          .shape(Shape(steps: steps, stroke: Shape.Stroke(color: .black, width: line * 1.8))),
          .shape(Shape(steps: steps, stroke: Shape.Stroke(color: .white, width: line * 0.9))),
        ])
    ]
  }
}
