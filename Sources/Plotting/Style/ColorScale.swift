/// Colours for numbers.
public enum ColorScale: String, Sendable, Equatable, Codable {
  /// From small to large, even to the eye and in grey: viridis.
  case viridis
  /// From negative (blue) over zero (near white) to positive (red), with equal limits: RdBu.
  case diverging

  /// The colour of a value that is not known.
  package static let unknown = Color(hex: 0xD9D9D9)

  /// The colour at a place of the scale.
  ///
  /// - Parameter fraction: 0 to 1; beyond, the colour of the end.
  /// - Returns: linear between the stops of the scale.
  package func color(at fraction: Double) -> Color {
    let stops = self == .viridis ? Self.viridisStops : Self.divergingStops
    let fraction = fraction.clamped(to: 0...1)
    let above = stops.firstIndex { $0.place >= fraction } ?? stops.count - 1
    guard above > 0 else { return stops[0].color }
    let (lower, upper) = (stops[above - 1], stops[above])
    return lower.color.mixed(with: upper.color, (fraction - lower.place) / (upper.place - lower.place))
  }

  private typealias Stop = (place: Double, color: Color)

  /// Every fourth of viridis' 256 colours (S. van der Walt, N. Smith, CC0), and its last.
  private static let viridisStops: [Stop] =
    viridisColors.enumerated().map { (Double($0) * 4 / 255, Color(hex: $1)) } + [(1, Color(hex: 0xFDE725))]

  private static let divergingStops: [Stop] =
    [0x053061, 0x4393C3, 0xD1E5F0, 0xF7F6F6, 0xFDDBC7, 0xD6604D, 0x67001F].enumerated()
    .map { (Double($0) / 6, Color(hex: $1)) }

  private static let viridisColors: [UInt32] = [
    0x440154, 0x45065A, 0x460C5F, 0x471265, 0x47186A, 0x481D6F, 0x482273, 0x472777, 0x472C7B, 0x46317E,
    0x453681, 0x433B83, 0x424085, 0x404487, 0x3E4989, 0x3C4D8A, 0x3A528B, 0x38568B, 0x365A8C, 0x345E8D,
    0x32628D, 0x31668D, 0x2F6A8D, 0x2D6E8E, 0x2C728E, 0x2A768E, 0x287A8E, 0x277D8E, 0x26818E, 0x24858D,
    0x23898D, 0x218C8D, 0x20908C, 0x1F948B, 0x1E988A, 0x1E9B89, 0x1E9F88, 0x1FA386, 0x21A784, 0x24AA82,
    0x28AE7F, 0x2CB17D, 0x32B57A, 0x38B976, 0x3EBC73, 0x45BF6F, 0x4DC26B, 0x55C666, 0x5EC961, 0x67CC5C,
    0x70CE56, 0x79D151, 0x83D34B, 0x8DD644, 0x97D83E, 0xA2DA37, 0xADDC30, 0xB7DD29, 0xC2DF22, 0xCDE01D,
    0xD7E219, 0xE1E318, 0xECE41A, 0xF6E61F,
  ]
}
