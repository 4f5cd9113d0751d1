/// A panel that knows what surrounds it, and how to draw itself where it is put.
protocol PanelLayout {
  /// The height in points that the panel needs; nil where any height will do.
  ///
  /// - Parameter width: of the panel with all that surrounds it.
  /// - Returns: with all that surrounds the plot.
  func neededHeight(width: Double) -> Double?

  /// Room for titles, labels and ticks around the plot.
  ///
  /// - Parameters:
  ///   - plot: size of the inner box.
  ///   - outer: size of the whole box, of which long labels take a share.
  /// - Returns: what the texts need; the plot gets the rest.
  func insets(plot: Size, outer: Size) -> Insets

  /// The panel's elements.
  ///
  /// - Parameters:
  ///   - plot: the inner box.
  ///   - outer: the whole box; texts stay inside.
  /// - Returns: from back to front.
  func elements(plot: Rectangle, outer: Rectangle) -> [Element]
}

extension PanelLayout {
  /// The insets of a panel of this whole size: what surrounds a plot depends on its size, which depends on that.
  func insets(outer: Size) -> Insets {
    var insets = Insets()
    for round in 0..<4 {
      let plot = Rectangle(x: 0, y: 0, width: outer.width, height: outer.height).inset(by: insets)
      let needed = self.insets(plot: plot.size, outer: outer)
      // The first round starts from nothing; from then on room is only added, so that no text lacks any.
      insets = round < 2 ? needed : insets.union(needed)
    }
    return insets
  }
}

/// A place without a picture.
struct EmptyLayout: PanelLayout {
  func neededHeight(width: Double) -> Double? { nil }
  func insets(plot: Size, outer: Size) -> Insets { Insets() }
  func elements(plot: Rectangle, outer: Rectangle) -> [Element] { [] }
}
