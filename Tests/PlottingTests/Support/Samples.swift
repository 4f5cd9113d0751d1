import Foundation
import Plotting

/// Figures as reports have them, each named by what it shows.
enum Samples {
  static let all: [(name: String, figure: Figure)] = [
    ("curves in one column", Figure(width: 85, panels: [[.chart(curves)]])),
    ("curves in two columns", Figure(width: 180, panels: [[.chart(curves)]])),
    ("a forest plot in one column", Figure(width: 85, panels: [[.chart(forest)]])),
    ("a forest plot in two columns", Figure(width: 180, panels: [[.chart(forest)]])),
    ("histograms", Figure(width: 180, panels: [[.chart(histogram(.sideBySide)), .chart(histogram(.steps))]])),
    ("a threshold with rules", Figure(width: 85, panels: [[.chart(threshold)]])),
    ("bars with long names", Figure(width: 85, panels: [[.chart(bars)]])),
    ("a gallery", Figure(width: 180, panels: [[.gallery(gallery(rows: 6, epochs: 3))]])),
    ("a small gallery", Figure(width: 85, panels: [[.gallery(gallery(rows: 1, epochs: 1))]])),
    (
      "a gallery beside a chart", Figure(width: 180, panels: [[.gallery(gallery(rows: 2, epochs: 1)), .chart(curves)]])
    ),
    ("a heat map of 3 by 10", Figure(width: 180, panels: [[.heatMap(heatMap(rows: 3, columns: 10))]])),
    ("a heat map of 40 by 60", Figure(width: 85, panels: [[.heatMap(heatMap(rows: 40, columns: 60))]])),
    (
      "rows of panels",
      Figure(
        width: 180,
        panels: [
          [.chart(curves), .chart(threshold), .chart(bars)], [.heatMap(heatMap(rows: 6, columns: 6)), .empty],
          [.chart(forest)],
        ])
    ),
    ("logarithmic axes", Figure(width: 85, panels: [[.chart(logarithmic)]])),
  ]

  static let curves = Chart(
    title: "Test accuracy over training, mean over seeds", x: Axis("epoch", isWholeNumbers: true),
    y: Axis("accuracy / %"),
    marks: [
      curve("teacher (ResNet-56)", RoleLook.teacher, top: 93, band: 0),
      curve("baseline, n = 5", RoleLook.baseline, top: 88, band: 1.6),
      curve("student, KD (τ = 4), n = 5", RoleLook.student(0), top: 90, band: 1.2),
      .points(
        Points(
          "before training", points: [Point(0, 10)], errors: [Interval(8, 12)],
          look: Look(color: .black, marker: .cross))),
      .horizontalRule(91.3, label: "best teacher of all"),
    ])

  static let forest = Chart(
    title: "Paired differences", x: Axis("difference in standard deviations"), y: Axis(""),
    marks: [
      .intervals(
        Intervals(
          "student − baseline, n = 5",
          rows: [
            .init("foreground concepts N_fg / image", value: 0.4, interval: Interval(-0.3, 1.1)),
            .init("ratio λ = N_fg / (N_fg + N_bg)", value: 0.8, interval: Interval(0.1, 1.5)),
            .init("learning epoch, mean over images D_mean / epoch", value: -0.9, interval: Interval(-1.4, -0.2)),
            .init("mean entropy H̄ / nats", value: -0.2, interval: .unknown),
            .init("stability of directions ρ", value: 0.1, interval: Interval(-0.1, 0.3)),
          ], look: RoleLook.student(0)))
    ])

  static func histogram(_ style: Histogram.Style) -> Chart {
    let roles = [("teacher", RoleLook.teacher), ("baseline", RoleLook.baseline), ("student", RoleLook.student(0))]
    return Chart(
      x: Axis("epoch at which a concept is learned"), y: Axis("images"),
      marks: [
        .histogram(
          Histogram(
            edges: (0...12).map { Double($0) * 5 },
            series: roles.enumerated().map { order, role in
              .init(role.0, counts: (0..<12).map { Double(($0 * 7 + order * 5) % 12) }, look: role.1)
            }, style: style))
      ])
  }

  static let threshold = Chart(
    title: "Concepts against the threshold", x: Axis("threshold b / nats"),
    y: Axis("concepts per image", startsAtZero: true),
    marks: [
      .line(
        Line("student", points: (0...40).map { Point(Double($0) / 40, 60 - Double($0)) }, look: RoleLook.student(0))),
      .verticalRule(0.2, label: "b = 0.2 (default)"), .verticalRule(0.22, label: "median of H̄ − H"),
      .horizontalRule(30, label: "30 concepts"), .horizontalRule(31, label: "31"),
    ])

  static let bars = Chart(
    title: "Verdicts", x: Axis("data set"), y: Axis("share / %"),
    marks: [
      .bars(
        Bars(
          categories: ["fashion-on-texture", "part-shapes", "CIFAR-10", "Tiny ImageNet", "a", "b"],
          series: [
            .init("teacher", values: [80, 65, .nan, 44, 3, 2], look: RoleLook.teacher),
            .init(
              "baseline", values: [60, 45, 30, -4, 2, 1],
              errors: [Interval(55, 64), .unknown, Interval(22, 36), Interval(-8, 1), .unknown, .unknown],
              look: RoleLook.baseline),
          ]))
    ])

  static let logarithmic = Chart(
    x: Axis("learning rate", isLogarithmic: true), y: Axis("loss / nats", isLogarithmic: true),
    marks: (0..<8).map { series in
      .line(
        Line(
          "student \(series)",
          points: (0..<12).map { Point(pow(10, Double($0) / 3 - 5), pow(10, abs(Double($0 - 7)) / 3)) },
          look: RoleLook.student(series)))
    })

  static func heatMap(rows: Int, columns: Int) -> HeatMap {
    HeatMap(
      title: "CKA between teacher and student",
      values: (0..<rows).map { row in (0..<columns).map { Double(row * columns + $0) / Double(rows * columns) } },
      rowLabels: (0..<rows).map { "layer\($0)" }, columnLabels: (0..<columns).map { "\($0)" },
      rowAxisLabel: "teacher layer", columnAxisLabel: "student epoch", range: 0...1, colourBarLabel: "debiased CKA")
  }

  static func gallery(rows: Int, epochs: Int) -> Gallery {
    let mask = Gallery.Mask(width: 8, height: 8, isInside: (0..<64).map { $0 % 8 > 2 && $0 / 8 > 3 })
    let image = Gallery.Cell.image(width: 8, height: 8, rgb: (0..<192).map { UInt8($0) })
    let heats = (0..<2 * epochs).map { column in
      Gallery.Cell.heat(rows: 4, columns: 4, values: (0..<16).map { Float($0 + column) / 16 }, outline: mask)
    }
    return Gallery(
      title: "Entropy over training",
      columnTitles: ["image", "mask"] + (0..<2 * epochs).map { "epoch \($0 % epochs * 20)" },
      rowTitles: (0..<rows).map { "image \($0)" },
      columnGroups: [.init("", count: 2), .init("baseline", count: epochs), .init("student", count: epochs)],
      cells: (0..<rows).map { _ in [image, .mask(mask)] + heats }, colourBarLabel: "entropy per cell / nats")
  }

  private static func curve(_ name: String, _ look: Look, top: Double, band: Double) -> Mark {
    let points = (1...60).map { Point(Double($0), top * (1 - exp(-Double($0) / 8))) }
    return .line(
      Line(
        name, points: points, band: band > 0 ? points.map { Interval($0.y - band, $0.y + band) } : [], look: look))
  }
}
