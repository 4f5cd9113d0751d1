import Support

/// What a shifted training image shows where it has no pixels of its own.
///
/// Black bands change the statistics that batch normalisation learns (of a ResNet-20's first layer on CIFAR-10 the
/// variance, by a third), and no test image has them; the other two keep them as they are.
public enum Padding: String, OptionChoice, Codable {
  /// Black, as torchvision's `RandomCrop` pads unless told otherwise.
  case black
  /// The nearest pixel of the edge.
  case edge
  /// The image mirrored at its edge, which is not repeated; beyond a whole mirror image, that one's edge.
  case reflect

  /// Where the pixel comes from.
  ///
  /// - Parameters:
  ///   - place: a row or column, possibly outside.
  ///   - count: rows or columns of the image.
  /// - Returns: a row or column of the image; nil for black.
  func source(_ place: Int, of count: Int) -> Int? {
    if place >= 0 && place < count { return place }
    switch self {
    case .black: return nil
    case .edge: return min(max(place, 0), count - 1)
    case .reflect: return min(max(place < 0 ? -place : 2 * (count - 1) - place, 0), count - 1)
    }
  }
}
