/// Names beside points, each where it hides no marker, no rule and no other name, as far as there is room.
///
/// Greedy: the points that have most neighbours choose first, among eight places around their marker and the same a
/// little further away, from where a thin line leads to the marker.
struct PointLabels {
  private var blocks: [(block: TextBlock, place: Point)] = []
  private var leaders: [(from: Point, to: Point)] = []
  private let stroke: Shape.Stroke

  init(_ marks: [Mark], in frame: PlotFrame, meter: TextMeter) {
    stroke = Shape.Stroke(color: Measures.faint, width: frame.measures.gridLine)
    var markers: [Point] = []
    var wanted: [(text: String, place: Point)] = []
    for case .points(let points) in marks {
      let places = points.points.compactMap { frame.place($0) }.filter { frame.box.contains($0, slack: 0.01) }
      markers += places
      if let label = points.label { wanted += places.map { (text: label, place: $0) } }
    }
    let radius = frame.measures.marker * 0.6
    var taken = markers.map {
      Rectangle(x: $0.x - radius, y: $0.y - radius, width: 2 * radius, height: 2 * radius)
    }
    taken += marks.compactMap { mark in
      switch mark {
      case .verticalRule(let value, _) where frame.x.shows(value):
        Rectangle(x: frame.x(value) - 1, y: frame.box.y, width: 2, height: frame.box.height)
      case .horizontalRule(let value, _) where frame.y.shows(value):
        Rectangle(x: frame.box.x, y: frame.y(value) - 1, width: frame.box.width, height: 2)
      default: nil
      }
    }
    let reach = 6 * frame.measures.tick
    func neighbours(_ place: Point) -> Int {
      markers.count { abs($0.x - place.x) < reach && abs($0.y - place.y) < reach }
    }
    let order = wanted.enumerated().sorted {
      (-neighbours($0.element.place), $0.offset) < (-neighbours($1.element.place), $1.offset)
    }
    for (text, place) in order.map(\.element) {
      let block = TextBlock(lines: [text], size: frame.measures.tick, meter: meter)
      let candidates = Self.candidates(for: block, around: place, radius: radius + 1)
      func badness(_ box: Rectangle) -> Double {
        let outside = frame.box.contains(box) ? 0 : box.area - box.overlap(with: frame.box)
        return taken.reduce(4 * outside) { $0 + $1.overlap(with: box) }
      }
      // The first of equals: names stand at the right where they can.
      let costs = candidates.map(badness)
      guard let choice = costs.indices.min(by: { costs[$0] < costs[$1] }) else { continue }
      let best = candidates[choice]
      taken.append(best)
      blocks.append((block, Point(best.x, best.midY)))
      if choice >= Self.nearby {
        let end = Point(min(max(place.x, best.x), best.maxX), min(max(place.y, best.y), best.maxY))
        let length = ((end.x - place.x) * (end.x - place.x) + (end.y - place.y) * (end.y - place.y)).squareRoot()
        let edge = radius / max(length, radius)
        leaders.append((Point(place.x + edge * (end.x - place.x), place.y + edge * (end.y - place.y)), end))
      }
    }
  }

  /// Of the candidates, those that need no line.
  private static let nearby = 8

  private static func candidates(for block: TextBlock, around point: Point, radius: Double) -> [Rectangle] {
    [radius, 2.5 * radius, 4.5 * radius].flatMap { gap in
      let (width, height) = (block.width, block.height)
      let sides: [(x: Double, y: Double)] = [
        (point.x + gap, point.y - height / 2), (point.x - gap - width, point.y - height / 2),
        (point.x - width / 2, point.y - gap - height), (point.x - width / 2, point.y + gap),
        (point.x + gap * 0.7, point.y - gap * 0.7 - height), (point.x + gap * 0.7, point.y + gap * 0.7),
        (point.x - gap * 0.7 - width, point.y - gap * 0.7 - height), (point.x - gap * 0.7 - width, point.y + gap * 0.7),
      ]
      return sides.map { Rectangle(x: $0.x, y: $0.y, width: width, height: height) }
    }
  }

  /// The names and the lines to those that stand away.
  func elements(meter: TextMeter) -> [Element] {
    leaders.map { .shape(.polyline([$0.from, $0.to], stroke: stroke)) }
      + blocks.flatMap { $0.block.elements(at: $0.place, .leading, .middle, color: Measures.axis, meter: meter) }
  }
}

extension Rectangle {
  fileprivate var area: Double { width * height }

  fileprivate func overlap(with other: Rectangle) -> Double {
    let across = min(maxX, other.maxX) - max(x, other.x)
    let down = min(maxY, other.maxY) - max(y, other.y)
    return max(0, across) * max(0, down)
  }
}
