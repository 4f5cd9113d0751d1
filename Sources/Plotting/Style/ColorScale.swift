/// Colours for numbers.
public enum ColorScale: Sendable, Equatable {
  /// From small to large, even to the eye and in grey: viridis.
  case viridis
  /// From negative (blue) over zero (near white) to positive (red), with equal limits: RdBu.
  case diverging
}
