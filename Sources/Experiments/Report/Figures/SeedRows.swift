import Plotting
import Statistics

/// Rows of means with their intervals, the seeds as dots below: levels of networks, or differences of pairs.
struct SeedRows {
  /// One row.
  struct Row {
    let label: String
    /// One per seed.
    let values: [Double]
    let look: Look
    /// The mean with its interval; Student's t over the seeds where nil.
    var estimate: Estimate?
  }

  /// Of the seeds' dots below their interval, in rows.
  private static let lowering = 0.26

  let rows: [Row]
  /// Where the quantity can lie.
  var range = QuantityRange.unbounded

  /// The marks of the rows alone, or of one of two values that share every row.
  ///
  /// - Parameters:
  ///   - name: what a legend calls them; nil for nothing.
  ///   - look: what the legend shows.
  ///   - order: which of the values of a row they are.
  ///   - count: of values in a row.
  ///   - reference: where the line of "no difference" stands.
  /// - Returns: intervals, then dots.
  func marks(
    _ name: String? = nil, look: Look = RoleLook.baseline, order: Int = 0, of count: Int = 1, reference: Double?
  ) -> [Mark] {
    let intervals = rows.map { row -> Intervals.Row in
      let estimate = row.estimate ?? studentInterval(of: row.values, over: "seeds", within: range)
      return Intervals.Row(
        row.label, value: estimate?.value ?? .nan, interval: estimate.map { Interval($0) } ?? .unknown, look: row.look)
    }
    let middle = Double(order + 1) / Double(count + 1)
    let dots = rows.enumerated().compactMap { place, row -> Mark? in
      // One seed is its own mean.
      guard row.values.count > 1 else { return nil }
      let height = Double(rows.count - place) - middle - Self.lowering / Double(count)
      return .points(
        Points(
          nil, points: row.values.map { Point($0, height) }, look: Look(color: row.look.color, marker: .circle)))
    }
    return [.intervals(Intervals(name, rows: intervals, look: look, reference: reference))] + dots
  }
}
