import Support

/// A line through points in their order, perhaps with a band around it.
public struct Line: Sendable, Equatable, Codable {
  /// What the legend says, with n where there is a band; nil keeps the line out of the legend.
  public var name: String?
  /// The points; one that is not finite breaks the line.
  public var points: [Point]
  /// The band, one interval per point; empty for none.
  public var band: [Interval]
  /// How it looks; with a marker `none`, a line only.
  public var look: Look

  /// - Parameters:
  ///   - name: what the legend says; nil keeps the line out of the legend.
  ///   - points: one that is not finite breaks the line.
  ///   - band: one interval per point, drawn translucent; empty for none.
  ///   - look: how it looks.
  public init(_ name: String?, points: [Point], band: [Interval] = [], look: Look) {
    precondition(
      band.isEmpty || band.count == points.count, "Line: \(points.count) points have \(band.count) intervals")
    self.name = name
    self.points = points
    self.band = band
    self.look = look
  }
}
