/// Leaves out what cannot be seen of very many points, so that a table of a million rows is drawn in seconds.
enum Thinning {
  /// Numbers of points up to this are drawn one by one.
  static let mostPoints = 5_000
  /// Of so many points each tells its values.
  static let mostNoted = 400
  /// In points: a fraction of the width of a line.
  private static let grain = 0.25

  /// The places of a line: of those in one strip as thin as the grain, the first, lowest, highest and last.
  ///
  /// - Parameter places: on the page, in points, in the line's order.
  /// - Returns: some of them, in the same order.
  static func line(_ places: [Point]) -> [Point] {
    guard places.count > mostPoints else { return places }
    var kept: [Point] = []
    var start = 0
    while start < places.count {
      let strip = (places[start].x / grain).rounded(.down)
      var (end, lowest, highest) = (start, start, start)
      while end + 1 < places.count, (places[end + 1].x / grain).rounded(.down) == strip {
        end += 1
        if places[end].y < places[lowest].y { lowest = end }
        if places[end].y > places[highest].y { highest = end }
      }
      for place in Set([start, lowest, highest, end]).sorted() { kept.append(places[place]) }
      start = end + 1
    }
    return kept
  }

  /// The places of markers: of those in one square of the grain, the first.
  ///
  /// - Parameter places: on the page, in points.
  /// - Returns: some of them, in the same order.
  static func markers(_ places: [Point]) -> [Point] {
    guard places.count > mostPoints else { return places }
    struct Square: Hashable {
      let x: Int32
      let y: Int32
    }
    // Markers are many grains wide: two of them closer than two grains cannot be told apart among so many.
    let side = 2 * grain
    var taken: Set<Square> = []
    return places.filter { place in
      taken.insert(Square(x: Int32((place.x / side).rounded(.down)), y: Int32((place.y / side).rounded(.down))))
        .inserted
    }
  }
}
