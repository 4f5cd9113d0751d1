import Plotting
import Statistics

extension Intervals.Row {
  /// A row of an estimate; one without keeps its place and its label.
  ///
  /// - Parameters:
  ///   - label: what stands at the left of the row.
  ///   - estimate: the marker's place with the whisker's ends; nil where it is not known.
  ///   - scale: factor to the unit of the axis.
  ///   - look: for this row alone; nil takes that of the whole.
  ///   - shaded: the side of the reference that has a pale ground in this row.
  ///   - note: what stands at the right of the row.
  init(
    _ label: String, _ estimate: Estimate?, scale: Double = 1, look: Look? = nil, shaded: Intervals.Side? = nil,
    note: String? = nil
  ) {
    let own = estimate?.scaled(by: scale)
    self.init(
      label, value: own?.value ?? .nan, interval: own.map { Interval($0) } ?? .unknown, look: look, shaded: shaded,
      note: note)
  }
}

extension Mark {
  /// How far the dots lie below the middle of their row, in rows.
  private static let lowering = 0.26
  /// How far dots that would hide each other lie below each other, in rows.
  private static let stackStep = 0.09
  /// How near to each other such dots are, as a share of all seeds' range.
  private static let nearby = 0.02

  /// The seeds behind a row of intervals, a little below its whisker.
  ///
  /// - Parameters:
  ///   - values: one per seed.
  ///   - row: of the intervals, from 0 at the top.
  ///   - rows: of the intervals.
  ///   - color: of the row.
  ///   - marker: of a seed.
  ///   - order: of these intervals among those that share the rows.
  ///   - count: of intervals that share the rows.
  /// - Returns: points without a name.
  static func seeds(
    _ values: [Double], row: Int, of rows: Int, color: Color, marker: Marker = .circle, order: Int = 0,
    among count: Int = 1
  ) -> Mark {
    // Rows count from the top, places on the axis from the bottom.
    let middle = Double(order + 1) / Double(count + 1)
    let height = Double(rows - row) - middle - lowering / Double(count)
    return .points(
      Points(
        nil, points: zip(values, stacked(values)).map { Point($0, height - $1 * stackStep / Double(count)) },
        look: Look(color: color, marker: marker)))
  }

  /// For each of some values how many before it lie where it does, so that no seed hides another.
  private static func stacked(_ values: [Double]) -> [Double] {
    let near = nearby * ((values.max() ?? 0) - (values.min() ?? 0))
    return values.indices.map { own in
      Double(values[..<own].count { abs($0 - values[own]) <= near })
    }
  }
}
