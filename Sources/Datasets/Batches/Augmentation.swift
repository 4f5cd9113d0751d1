/// Random changes to training images that keep their label.
public struct Augmentation: Sendable, Equatable, Codable {
  /// Pixels of black that are put around an image before a window of its old size is cut out at random; 0 for none.
  public var padCrop: Int
  /// Whether half of the images are mirrored left to right.
  public var flip: Bool

  /// - Parameters:
  ///   - padCrop: pixels of black around the image; the shift is uniform in ±padCrop along both axes.
  ///   - flip: whether half of the images are mirrored.
  public init(padCrop: Int = 0, flip: Bool = false) {
    precondition(padCrop >= 0, "Augmentation: padding of \(padCrop) pixels")
    self.padCrop = padCrop
    self.flip = flip
  }
}
