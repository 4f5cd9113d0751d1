import Analysis
import Plotting
import Statistics
import Support

extension ReportMaterial {
  /// H2 in one figure: the gap over training with every seed's t½, the paired difference checkpoint by checkpoint, and
  /// that of t½.
  func courseFigure(_ layer: LayerStudy) -> Figure {
    let runs = layer.adjusted.roles.map { role in
      (role: role, seeds: layer.adjusted.series(of: role).map(layer.adjusted.evidence))
    }
    let axis = CourseAxis(layer.adjusted.series(of: RoleName.baseline).first)
    return Figure(
      width: Figure.twoColumns,
      panels: [[curves(runs, layer, axis), course(runs, axis), pairedPanel(.fasterLearning, layer)]], rowHeight: 68)
  }

  private func curves(
    _ runs: [(role: String, seeds: [NetworkEvidence])], _ layer: LayerStudy, _ axis: CourseAxis
  ) -> Panel {
    var marks: [Mark] = [.horizontalRule(0)]
    for (role, seeds) in runs {
      let name = legend(role, seeds: seeds.count)
      marks.append(.line(Line(name, points: axis.points(seeds.map { ($0.times, $0.curve() ?? []) }), look: look(role))))
    }
    for (place, (role, seeds)) in runs.enumerated() {
      let halves = seeds.compactMap { seed -> Point? in
        guard let time = seed.halfTime, let most = seed.curve()?.max() else { return nil }
        return Point(axis.place(time), most / 2)
      }
      marks.append(
        .points(
          Points(
            place == 0 ? "t½ of a seed" : nil, points: halves,
            look: Look(color: look(role).color, marker: .plus))))
    }
    if let teacher = layer.adjustedTeacher, let level = teacher.evidence.first?.lastGap {
      marks.append(.horizontalRule(level, label: "teacher"))
    }
    return .chart(Chart(title: "Gap g over training", x: axis.axis, y: Axis("g / nats"), marks: marks))
  }

  /// The differences of pairs at every checkpoint that both networks have.
  private func course(_ runs: [(role: String, seeds: [NetworkEvidence])], _ axis: CourseAxis) -> Panel {
    let base = runs.first { $0.role == RoleName.baseline }?.seeds ?? []
    var marks: [Mark] = [.horizontalRule(0)]
    for (role, seeds) in runs where role != RoleName.baseline {
      let pairs = seeds.compactMap { own -> (times: [Double], values: [Double])? in
        guard let other = base.first(where: { $0.seed == own.seed }), let a = own.curve(), let b = other.curve(),
          a.count == b.count
        else { return nil }
        return (own.times, zip(a, b).map { $0 - $1 })
      }
      let dots = pairs.flatMap { pair in zip(pair.times, pair.values).map { Point(axis.place($0), $1) } }
      marks.append(.points(Points(nil, points: dots, look: Look(color: look(role).color, marker: .circle))))
      marks.append(.line(Line(nil, points: axis.points(pairs), look: look(role).marked(.none))))
    }
    return .chart(
      Chart(title: "Student − baseline, seed by seed", x: axis.axis, y: Axis("difference of g / nats"), marks: marks))
  }
}

/// The axis of a course over the baseline's epochs: even steps from checkpoint to checkpoint where some lie inside of
/// an epoch, which would else stand on one spot.
package struct CourseAxis {
  private let times: [Double]
  private let places: [Double]
  package let axis: Axis

  init(_ baseline: EntropySeries?) { self.init(baseline?.epochs ?? [], times: baseline?.times ?? []) }

  /// - Parameters:
  ///   - moments: the baseline's checkpoints.
  ///   - times: when each was reached, as a share of its steps.
  package init(_ moments: [Moment], times: [Double]) {
    self.times = times
    let isWhole = moments.allSatisfy { $0.wholeEpoch != nil }
    places = isWhole ? moments.map(\.epochs) : moments.indices.map(Double.init)
    axis =
      isWhole
      ? Axis("epoch", isWholeNumbers: true)
      : Axis(
        "epoch (even steps between checkpoints)", ticks: moments.enumerated().map { Tick(Double($0), Self.name($1)) })
  }

  /// Where a share of the baseline's steps stands; beyond the last checkpoint as fast as before it.
  package func place(_ time: Double) -> Double {
    guard times.count > 1 else { return places.first ?? 0 }
    let after = max(1, times.firstIndex { $0 >= time } ?? times.count - 1)
    let (start, end) = (times[after - 1], times[after])
    guard end > start else { return places[after] }
    return places[after - 1] + (time - start) / (end - start) * (places[after] - places[after - 1])
  }

  /// Means over seeds at every checkpoint; empty where seeds have different ones.
  func points(_ seeds: [(times: [Double], values: [Double])]) -> [Point] {
    let seeds = seeds.filter { !$0.values.isEmpty && $0.values.count == $0.times.count }
    guard let first = seeds.first, seeds.allSatisfy({ $0.values.count == first.values.count }) else { return [] }
    return first.values.indices.compactMap { index in
      mean(of: seeds.map { $0.values[index] }).map { Point(place(first.times[index]), $0) }
    }
  }

  private static func name(_ moment: Moment) -> String {
    for parts in [2, 4, 8, 16] where moment.epochs == 1 / Double(parts) { return "1/\(parts)" }
    return "\(moment)"
  }
}
