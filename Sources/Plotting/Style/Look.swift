import Support

/// How a series looks: colour, dash and marker, so that series stay apart in grey too.
public struct Look: Sendable, Hashable, Codable {
  /// Colour of line, marker and bar.
  public var color: Color
  /// Lengths of strokes and gaps in units of the line's width; empty for a solid line.
  public var dash: [Double]
  /// The mark at each point.
  public var marker: Marker

  /// - Parameters:
  ///   - color: of line, marker and bar.
  ///   - dash: lengths of strokes and gaps in units of the line's width, at least 0; empty for a solid line.
  ///   - marker: the mark at each point.
  public init(color: Color, dash: [Double] = [], marker: Marker = .circle) {
    precondition(dash.allSatisfy { $0 >= 0 && $0.isFinite }, "Look: dash \(dash) has a negative length")
    precondition(dash.isEmpty || dash.contains { $0 > 0 }, "Look: dash \(dash) has no length")
    self.color = color
    self.dash = dash
    self.marker = marker
  }
}

/// The shape that marks a point.
public enum Marker: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing.
  case none
  /// A filled circle.
  case circle
  /// A filled square.
  case square
  /// A filled square on its tip.
  case diamond
  /// A filled triangle with its tip above.
  case triangleUp
  /// A filled triangle with its tip below.
  case triangleDown
  /// Two strokes like the letter x.
  case cross
  /// Two strokes like a plus sign.
  case plus
}
