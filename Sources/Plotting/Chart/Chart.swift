/// Marks over two axes.
///
/// Marks are drawn in their order, the last on top. ``Bars`` name the places of the x axis, ``Intervals`` those of the
/// y axis; the axis in question then needs a label only.
public struct Chart: Sendable, Equatable, Codable {
  /// What stands above; nil for nothing.
  public var title: String?
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, the last on top.
  public var marks: [Mark]

  /// - Parameters:
  ///   - title: what stands above; nil for nothing.
  ///   - x: the horizontal axis.
  ///   - y: the vertical axis.
  ///   - marks: what is drawn, the last on top.
  public init(title: String? = nil, x: Axis, y: Axis, marks: [Mark]) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
  }
}
