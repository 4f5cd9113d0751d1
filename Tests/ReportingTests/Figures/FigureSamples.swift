import Foundation
import Plotting

/// A figure with every kind of panel and mark, and what is not known in each.
enum FigureSamples {
  static let everything = Figure(
    width: 180,
    panels: [
      [.chart(lines), .chart(bars)], [.chart(intervals), .chart(histogram)], [.heatMap(map), .empty],
      [.gallery(gallery)],
    ], rowHeight: 55)

  private static let lines = Chart(
    title: "Accuracy", x: Axis("epoch", isWholeNumbers: true), y: Axis("accuracy / %", range: 0...100),
    marks: [
      .line(
        Line(
          "teacher, 3 seeds", points: [Point(1, 10), Point(2, 0.1 + 0.2), Point(3, .nan)],
          band: [Interval(8, 12), .unknown, Interval(1, 2)], look: RoleLook.teacher)),
      .line(Line(nil, points: [Point(1, 5), Point(3, 6)], look: RoleLook.baseline)),
      .points(
        Points(
          "untrained", points: [Point(0, 10)], errors: [Interval(9, 11)],
          look: Look(color: RoleLook.reference.color, marker: .cross))),
      .horizontalRule(50, label: "half"), .verticalRule(2),
    ])

  private static let bars = Chart(
    x: Axis("data"), y: Axis("share"),
    marks: [
      .bars(
        Bars(
          categories: ["a, \"quoted\"", "12"],
          series: [
            .init("student", values: [1, -2], errors: [Interval(0.5, 1.5), .unknown], look: RoleLook.student(0)),
            .init("baseline", values: [.nan, 3], look: RoleLook.baseline),
          ]))
    ])

  private static let intervals = Chart(
    x: Axis("difference"), y: Axis(""),
    marks: [
      .intervals(
        Intervals(
          "student",
          rows: [
            .init("N_fg", value: 0.5, interval: Interval(-1, 2)),
            .init("λ", value: .nan, interval: .unknown, look: RoleLook.teacher),
          ], look: RoleLook.student(1)))
    ])

  private static let histogram = Chart(
    x: Axis("epoch"), y: Axis("images"),
    marks: [
      .histogram(
        Histogram(
          edges: [0.5, 1.5, 2.5], series: [.init("a", counts: [3, 4], look: RoleLook.student(2))], style: .steps))
    ])

  private static let map = HeatMap(
    title: "CKA", values: [[0, 0.25, nil], [1, 0.1, 0.7]], rowLabels: ["r0", "r1"], columnLabels: ["x", "y", "z"],
    scale: .diverging, range: -1...1, colourBarLabel: "similarity")

  private static let gallery: Gallery = {
    let mask = Gallery.Mask(width: 3, height: 2, isInside: [true, false, true, false, false, true])
    return Gallery(
      columnTitles: ["image", "mask", "map", "map", "cells"], rowTitles: ["one"],
      columnGroups: [.init("", count: 2), .init("student", count: 3)],
      cells: [
        [
          .image(width: 1, height: 2, rgb: [1, 2, 3, 4, 5, 250]), .mask(mask),
          .heat(rows: 2, columns: 2, values: [0.1, -2, .nan, 4], outline: mask), .blank,
          .tiles(rows: 1, columns: 2, colors: [.black, .white], outline: mask),
        ]
      ], colourBarLabel: "entropy / nats", captions: [["", "", "✓", "", "✗ b"]], keys: [.init("kept", .black)])
  }()
}
