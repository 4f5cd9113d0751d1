/// Names below evenly spaced places: in a row where there is room, else reading upwards, else not all of them.
struct CategoryLabels {
  private var blocks: [(index: Int, block: TextBlock)] = []
  private let count: Int
  private let isVertical: Bool
  let height: Double

  /// - Parameters:
  ///   - labels: one per place.
  ///   - length: of the axis, in points.
  ///   - longest: height that labels may take, in points.
  ///   - size: of the font.
  ///   - meter: measures the labels.
  init(_ labels: [String], length: Double, longest: Double, size: Double, meter: TextMeter) {
    count = labels.count
    let slot = length / Double(max(1, labels.count))
    let room = slot - 0.5 * size
    let isEvenlyFit = labels.allSatisfy { meter.fits($0, size * 0.85, within: room, maximumLines: 3) }
    if isEvenlyFit {
      let fits = labels.allSatisfy { meter.fits($0, size, within: room, maximumLines: 3) }
      let size = fits ? size : size * 0.85
      blocks = labels.enumerated().map { ($0, meter.fitted($1, size, within: room, maximumLines: 3, smallest: 1)) }
      isVertical = false
      height = blocks.map(\.block.height).max() ?? 0
      return
    }
    let widest = labels.map { meter.width($0, size) }.max() ?? 0
    // Numbers left out are easily found again, names are not.
    if labels.allSatisfy({ Double($0) != nil }) {
      let step = Self.step(Int(((widest + 0.6 * size) / max(slot, 0.01)).rounded(.up)))
      blocks = stride(from: 0, to: labels.count, by: step).map { ($0, meter.block(labels[$0], size)) }
      isVertical = false
      height = blocks.map(\.block.height).max() ?? 0
      return
    }
    let lineHeight = TextMeter.Proportion.line * size
    let step = Self.step(Int((lineHeight / max(slot, 0.01)).rounded(.up)))
    let lines = max(1, Int(slot / lineHeight))
    let shown = Array(stride(from: 0, to: labels.count, by: step))
    let turned = meter.fitted(
      all: shown.map { labels[$0] }, size, within: longest, maximumLines: min(2, lines), smallest: 0.8)
    blocks = zip(shown, turned).map { ($0, $1) }
    isVertical = true
    height = blocks.map(\.block.width).max() ?? 0
  }

  /// The texts below a horizontal line.
  func elements(_ box: Rectangle, top: Double, meter: TextMeter) -> [Element] {
    let slot = box.width / Double(max(1, count))
    return blocks.flatMap { index, block in
      let middle = box.x + (Double(index) + 0.5) * slot
      return isVertical
        ? block.verticalElements(x: middle - block.height / 2, y: top, .trailing, meter: meter)
        : block.elements(at: Point(middle, top), .center, .top, meter: meter)
    }
  }

  /// How far the first and the last label reach out of the axis.
  func overhang(length: Double) -> Double {
    guard !isVertical, let last = blocks.last else { return 0 }
    let slot = length / Double(max(1, count))
    let rest = length - (Double(last.index) + 0.5) * slot
    return max(0, last.block.width / 2 - rest, (blocks.first?.block.width ?? 0) / 2 - slot / 2)
  }

  /// The next of 1, 2, 5, 10, 20, …, so that numbers that remain are round.
  static func step(_ least: Int) -> Int {
    var power = 1
    while true {
      for factor in [1, 2, 5] where factor * power >= least { return factor * power }
      power *= 10
    }
  }
}
