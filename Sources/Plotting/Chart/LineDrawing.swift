extension Line {
  /// The line with its band and its markers.
  ///
  /// - Parameters:
  ///   - frame: the box and its scales.
  ///   - order: of the line among those of its chart; markers of different lines stand at different points.
  /// - Returns: from back to front.
  func elements(in frame: PlotFrame, order: Int) -> [Element] {
    var back: [Element] = []
    var front: [Element] = []
    for run in runs(points.map { frame.place($0) }) {
      let places = run.map(\.place)
      back += bandElements(run.map(\.index), in: frame)
      if places.count > 1 {
        let line = Element.shape(.polyline(Thinning.line(places), stroke: look.stroke(frame.measures.dataLine)))
        front += name.map { name in frame.noted([line]) { _ in name } } ?? [line]
      } else if look.marker == .none, let place = places.first {
        // A point between gaps has no line: without a marker it would be lost.
        let dot = Shape(
          steps: [.circle(place, radius: frame.measures.dataLine)], fill: Shape.Paint(color: look.color))
        front.append(.shape(dot))
      }
    }
    return frame.clipped(back + front) + markerElements(in: frame, order) + targets(in: frame)
  }

  /// A place at each point, which tells its values: points without markers have them too.
  private func targets(in frame: PlotFrame) -> [Element] {
    guard frame.notes != nil, points.count <= Thinning.mostNoted else { return [] }
    let side = 1.3 * frame.measures.marker
    return points.enumerated().flatMap { index, point -> [Element] in
      guard let place = frame.place(point), frame.box.contains(place, slack: 0.01) else { return [] }
      let box = Rectangle(x: place.x - side / 2, y: place.y - side / 2, width: side, height: side)
      return frame.target(box) { $0.point(name, point, band.isEmpty ? nil : band[index]) }
    }
  }

  /// The points that can be shown, in pieces between the others.
  private func runs(_ places: [Point?]) -> [[(index: Int, place: Point)]] {
    var runs: [[(index: Int, place: Point)]] = [[]]
    for (index, place) in places.enumerated() {
      if let place { runs[runs.count - 1].append((index, place)) } else { runs.append([]) }
    }
    return runs.filter { !$0.isEmpty }
  }

  private func bandElements(_ indices: [Int], in frame: PlotFrame) -> [Element] {
    guard !band.isEmpty else { return [] }
    let known = indices.map { index in
      let interval = band[index]
      return frame.y.shows(interval.lower) && frame.y.shows(interval.upper)
        ? (x: frame.x(points[index].x), lower: frame.y(interval.lower), upper: frame.y(interval.upper)) : nil
    }
    return known.split { $0 == nil }.map { $0.compactMap { $0 } }.filter { $0.count > 1 }.map { part in
      let upper = Thinning.line(part.map { Point($0.x, $0.upper) })
      let outline = upper + Thinning.line(part.map { Point($0.x, $0.lower) }).reversed()
      return .shape(.polygon(outline, fill: Shape.Paint(color: look.color, alpha: 0.18)))
    }
  }

  /// Markers at the points, or at some of them where they would run into each other.
  private func markerElements(in frame: PlotFrame, _ order: Int) -> [Element] {
    let places = points.compactMap { frame.place($0) }
    guard look.marker != .none, let left = places.map(\.x).min(), let right = places.map(\.x).max() else { return [] }
    let spacing = (right - left) / Double(max(1, places.count - 1))
    let least = 3 * frame.measures.marker
    let step = spacing >= least || places.count < 3 ? 1 : Int((least / max(spacing, least / 1e9)).rounded(.up))
    let start = step < places.count ? order * max(1, step / 3) % step : 0
    return stride(from: start, to: places.count, by: step).flatMap { frame.marker(look, at: places[$0]) }
  }
}
