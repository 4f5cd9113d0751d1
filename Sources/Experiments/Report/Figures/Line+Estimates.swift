import Plotting
import Statistics

extension Line {
  /// A curve of estimates with their intervals as a band; places without a value are left out.
  init(_ name: String?, _ estimates: [(x: Double, y: Estimate?)], look: Look) {
    let known = estimates.compactMap { place in place.y.map { (x: place.x, y: $0) } }
    self.init(
      name, points: known.map { Point($0.x, $0.y.value) }, band: known.map { Interval($0.y) }, look: look)
  }
}

extension Interval {
  /// The interval of an estimate, unknown where it has none.
  init(_ estimate: Estimate) {
    if let lower = estimate.lower, let upper = estimate.upper {
      self.init(lower, upper)
    } else {
      self = .unknown
    }
  }
}
