import Support

/// Markers without a line: seeds, or a value that stands apart such as that before training.
public struct Points: Sendable, Equatable, Codable {
  /// What the legend says; nil keeps the points out of the legend.
  public var name: String?
  /// The points; those that are not finite are skipped.
  public var points: [Point]
  /// Vertical error bars, one per point; empty for none.
  public var errors: [Interval]
  /// How it looks; the dash is not used.
  public var look: Look
  /// What stands beside each of them; nil for nothing.
  public var label: String?

  /// - Parameters:
  ///   - name: what the legend says; nil keeps the points out of the legend.
  ///   - points: those that are not finite are skipped.
  ///   - errors: ends of vertical error bars, one per point; empty for none.
  ///   - look: how it looks; the dash is not used.
  ///   - label: what stands beside each of them; nil for nothing.
  public init(_ name: String?, points: [Point], errors: [Interval] = [], look: Look, label: String? = nil) {
    precondition(
      errors.isEmpty || errors.count == points.count, "Points: \(points.count) points have \(errors.count) intervals")
    self.name = name
    self.points = points
    self.errors = errors
    self.look = look
    self.label = label
  }
}
