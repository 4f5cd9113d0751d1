/// A text broken into lines, without a place.
package struct TextBlock {
  /// Which point of the block an anchor is.
  package enum Horizontal { case leading, center, trailing }
  /// Which height of the block an anchor is; `middle` centres digits and capitals.
  package enum Vertical { case top, middle, bottom }

  package let lines: [String]
  package let size: Double
  package let width: Double
  private let widths: [Double]

  package init(lines: [String], size: Double, meter: TextMeter) {
    self.lines = lines
    self.size = size
    widths = lines.map { meter.width($0, size) }
    width = widths.max() ?? 0
  }

  package var isEmpty: Bool { lines.isEmpty }

  package var height: Double {
    guard !lines.isEmpty else { return 0 }
    return size
      * (TextMeter.Proportion.ascent + TextMeter.Proportion.descent
        + Double(lines.count - 1) * TextMeter.Proportion.line)
  }

  /// The block at a place, reading from left to right.
  package func elements(
    at anchor: Point, _ horizontal: Horizontal, _ vertical: Vertical, color: Color = Measures.ink, meter: TextMeter
  ) -> [Element] {
    let rest = Double(lines.count - 1) * TextMeter.Proportion.line * size
    let first =
      switch vertical {
      case .top: anchor.y + TextMeter.Proportion.ascent * size
      case .middle: anchor.y + (TextMeter.Proportion.capitals * size - rest) / 2
      case .bottom: anchor.y - TextMeter.Proportion.descent * size - rest
      }
    return lines.indices.flatMap { index -> [Element] in
      let x =
        switch horizontal {
        case .leading: anchor.x
        case .center: anchor.x - widths[index] / 2
        case .trailing: anchor.x - widths[index]
        }
      let origin = Point(x, first + Double(index) * TextMeter.Proportion.line * size)
      return meter.runs(lines[index], at: origin, size, color, isVertical: false).map(Element.text)
    }
  }

  /// The block reading upwards, its first line at the left.
  ///
  /// - Parameters:
  ///   - x: of the block's left edge.
  ///   - y: of the anchor.
  ///   - along: which point of each line the anchor is: `leading` its start, below.
  ///   - color: of the ink.
  ///   - meter: measures the ink.
  /// - Returns: the texts of each line.
  package func verticalElements(
    x: Double, y: Double, _ along: Horizontal = .center, color: Color = Measures.ink, meter: TextMeter
  ) -> [Element] {
    lines.indices.flatMap { index -> [Element] in
      let start =
        switch along {
        case .leading: y
        case .center: y + widths[index] / 2
        case .trailing: y + widths[index]
        }
      let baseline = x + (TextMeter.Proportion.ascent + Double(index) * TextMeter.Proportion.line) * size
      return meter.runs(lines[index], at: Point(baseline, start), size, color, isVertical: true).map(Element.text)
    }
  }
}
