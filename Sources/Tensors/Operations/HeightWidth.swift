/// Two extents of a plane, rows first, so that neither is taken for the other.
public struct HeightWidth: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// Along the rows.
  public let height: Int
  /// Along the columns.
  public let width: Int

  /// - Parameters:
  ///   - height: along the rows.
  ///   - width: along the columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The same in both directions.
  public init(_ both: Int) { self.init(height: both, width: both) }

  /// The same in both directions.
  public init(integerLiteral value: Int) { self.init(value) }

  /// The extent if it is the same in both directions.
  var both: Int? { height == width ? height : nil }
}
