import Analysis
import Plotting
import Statistics

/// The calibrations of one role's networks, as a reliability diagram shows them.
public struct ReliabilitySeries {
  /// What the legend says.
  public let name: String
  /// One per network, all with the same bins.
  public let calibrations: [Calibration]
  /// How it looks.
  public let look: Look

  /// - Parameters:
  ///   - name: what the legend says.
  ///   - calibrations: one per network, all with the same bins of equal width.
  ///   - look: how it looks.
  public init(_ name: String, _ calibrations: [Calibration], look: Look) {
    self.name = name
    self.calibrations = calibrations
    self.look = look
  }
}

extension Plotting.Figure {
  /// A reliability diagram (DeGroot and Fienberg, 1983): accuracy over mean confidence, bin by bin, beside the number of
  /// images in each bin. Several networks give a mean with Student's t interval, one alone Wilson's interval.
  ///
  /// - Parameter series: one per role.
  /// - Returns: two panels over two columns.
  public static func reliability(_ series: [ReliabilitySeries]) -> Figure {
    var marks: [Mark] = [
      .line(Line("calibrated", points: [Point(0, 0), Point(1, 1)], look: RoleLook.reference))
    ]
    for one in series { marks.append(.line(line(one))) }
    let uppers = series.first?.calibrations.first?.bins.map(\.upper) ?? []
    let edges: [Double] = uppers.isEmpty ? [] : [0] + uppers
    let histogram = Histogram(
      edges: edges,
      series: series.map { one in
        Histogram.Series(
          one.name,
          counts: (0..<max(0, edges.count - 1)).map { bin in
            let shares = one.calibrations.map { Double($0.bins[bin].count) / Double(max(1, $0.count)) }
            return 100 * (mean(of: shares) ?? 0)
          }, look: one.look)
      }, style: .steps)
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              title: "Reliability", x: Axis("mean confidence in the bin", range: 0...1),
              y: Axis("accuracy", range: 0...1), marks: marks)),
          .chart(
            Chart(
              title: "Where the images are", x: Axis("confidence", range: 0...1),
              y: Axis("images / %", startsAtZero: true), marks: [.histogram(histogram)])),
        ]
      ], rowHeight: 75)
  }

  private static func line(_ series: ReliabilitySeries) -> Line {
    let bins = series.calibrations.first?.bins.indices ?? 0..<0
    // Where one network has no image in a bin the others alone would stand for another role.
    let shown = bins.filter { bin in series.calibrations.allSatisfy { $0.bins[bin].count > 0 } }
    let estimates = shown.map { bin -> (x: Double, y: Estimate?) in
      let same = series.calibrations.map { $0.bins[bin] }
      let x = mean(of: same.compactMap(\.confidence)) ?? 0
      if same.count > 1 {
        return (x, studentInterval(of: same.compactMap(\.accuracy), over: "seeds", within: QuantityRange.share))
      }
      let right = Int(((same[0].accuracy ?? 0) * Double(same[0].count)).rounded())
      return (x, wilsonInterval(right, of: same[0].count))
    }
    return Line(series.name, estimates, look: series.look)
  }
}
