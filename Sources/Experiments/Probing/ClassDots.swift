import Plotting
import Statistics

/// A number of each class as a dot in a row of its own, networks side by side.
struct ClassDots {
  /// A network.
  struct Series {
    let name: String
    let shares: [Double?]
    let look: Look

    /// - Parameters:
    ///   - name: what the legend says.
    ///   - shares: one per class, from 0 to 1.
    ///   - look: how it looks.
    init(_ name: String, _ shares: [Double?], look: Look) {
      self.name = name
      self.shares = shares
      self.look = look
    }
  }

  private let series: [Series]
  private let classes: [String]
  private let shown: [Int]

  /// - Parameters:
  ///   - series: networks of the same classes.
  ///   - classes: names.
  ///   - shown: the classes that get a row, from the top.
  init(_ series: [Series], classes: [String], shown: [Int]) {
    self.series = series
    self.classes = classes
    self.shown = shown
  }

  /// Millimetres for so many classes.
  static func height(_ classes: Int) -> Double { min(240, max(60, 22 + 4.2 * Double(classes))) }

  /// The rows, the first class at the top, in per cent.
  func panel(_ label: String) -> Panel {
    let last = shown.count - 1
    let marks = series.enumerated().map { order, one -> Mark in
      // Equal numbers would hide each other on one line.
      let shift = 0.24 * (Double(series.count - 1) / 2 - Double(order)) / Double(max(1, series.count - 1))
      let points = shown.enumerated().map { place, index in
        Point(100 * (one.shares[index] ?? .nan), Double(last - place) + shift)
      }
      return .points(Points(one.name, points: points, look: one.look))
    }
    let ticks = shown.enumerated().map { Tick(Double(last - $0), classes[$1]) }
    return .chart(
      Chart(
        title: "Each class", x: Axis(label), y: Axis("", range: -0.7...Double(last) + 0.7, ticks: ticks), marks: marks))
  }
}
