/// One picture of a figure.
public enum Panel: Sendable, Equatable, Codable {
  /// Marks over two axes.
  case chart(Chart)
  /// A matrix of numbers as colours.
  case heatMap(HeatMap)
  /// A grid of images.
  case gallery(Gallery)
  /// Nothing; keeps the place.
  case empty
}
