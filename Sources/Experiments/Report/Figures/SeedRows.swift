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
    let intervals = rows.map { row in
      Intervals.Row(
        row.label, row.estimate ?? studentInterval(of: row.values, over: "seeds", within: range), look: row.look)
    }
    let dots = rows.enumerated().compactMap { place, row -> Mark? in
      // One seed is its own mean.
      guard row.values.count > 1 else { return nil }
      return .seeds(row.values, row: place, of: rows.count, color: row.look.color, order: order, among: count)
    }
    return [.intervals(Intervals(name, rows: intervals, look: look, reference: reference))] + dots
  }
}
