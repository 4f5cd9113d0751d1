import Support

/// The look of each role, the same in all figures.
public enum RoleLook {
  /// The teacher: black, long dashes, squares.
  public static let teacher = Look(color: Color(hex: 0x000000), dash: [6, 2.5], marker: .square)
  /// A student trained without a teacher: grey, short dashes, diamonds.
  public static let baseline = Look(color: Color(hex: 0x7A7A7A), dash: [3, 1.5], marker: .diamond)
  /// What is no measurement: a diagonal, a bound, a threshold. Grey and dashed, without markers.
  public static let reference = Look(color: Color(hex: 0x6E6E6E), dash: [4, 3], marker: .none)

  /// A distilled student, one look per method.
  ///
  /// The first is a solid blue line with circles; the first 24 differ.
  ///
  /// - Parameter index: 0 for the first method, and so on.
  /// - Returns: the same look for the same index, everywhere.
  public static func student(_ index: Int) -> Look {
    precondition(index >= 0, "RoleLook: student \(index) is negative")
    return Look(
      color: Color(hex: colors[index % colors.count]), dash: dashes[index % dashes.count],
      marker: markers[index % markers.count])
  }

  /// The palette without its grey, which is the baseline's, and without the yellow that is faint on white.
  private static let colors: [UInt32] = [
    0x0173B2, 0xDE8F05, 0x029E73, 0xD55E00, 0xCC78BC, 0x56B4E9, 0xCA9161, 0xFBAFE4,
  ]
  private static let dashes: [[Double]] = [[], [8, 2, 1.5, 2], [1.5, 1.5], [5, 1.5, 1.5, 1.5, 1.5, 1.5]]
  private static let markers: [Marker] = [.circle, .triangleUp, .triangleDown]
}
