import Support

/// Random changes to training images: what happens to an image depends on (seed, epoch, its index) alone.
///
/// In this order: a random resized crop or a shift, a mirror image, colours, normalisation, a cut-out square, a mixture
/// with another image.
public struct Augmentation: Sendable, Equatable, Codable {
  /// Pixels that are put around an image before a window of its old size is cut out at random; 0 for none.
  public var padCrop: Int
  /// What those pixels are.
  public var padding: Padding
  /// Whether half of the images are mirrored left to right.
  public var flip: Bool
  /// The smallest share of an image's area that a random resized crop keeps (Szegedy et al., CVPR 2015); nil for none.
  public var resizedCrop: Double?
  /// How far brightness, contrast, saturation and hue are changed; nil for not at all.
  public var colours: ColourJitter?
  /// Side of a square of the mean colour somewhere on the image, pixels (DeVries & Taylor, arXiv 1708.04552); 0 for
  /// none.
  public var cutout: Int
  /// α of mixup (Zhang et al., ICLR 2018); nil for none.
  public var mixup: Double?

  /// - Parameters:
  ///   - padCrop: pixels around the image; the shift is uniform in ±padCrop along both axes.
  ///   - padding: what those pixels are.
  ///   - flip: whether half of the images are mirrored.
  ///   - resizedCrop: smallest share of the area, in (0, 1]; not together with `padCrop`.
  ///   - colours: how far colours are changed.
  ///   - cutout: side of the square, pixels.
  ///   - mixup: α > 0; the image's share is max(λ, 1 − λ) with λ from Beta(α, α).
  public init(
    padCrop: Int = 0, padding: Padding = .black, flip: Bool = false, resizedCrop: Double? = nil,
    colours: ColourJitter? = nil, cutout: Int = 0, mixup: Double? = nil
  ) {
    precondition(padCrop >= 0 && cutout >= 0, "Augmentation: padding of \(padCrop), cut-out of \(cutout) pixels")
    precondition(resizedCrop.map { $0 > 0 && $0 <= 1 } ?? true, "Augmentation: crop of \(resizedCrop ?? 0)")
    precondition(resizedCrop == nil || padCrop == 0, "Augmentation: padding and a resized crop")
    precondition(mixup.map { $0 > 0 } ?? true, "Augmentation: mixup of \(mixup ?? 0)")
    self.padCrop = padCrop
    self.padding = padding
    self.flip = flip
    self.resizedCrop = resizedCrop
    self.colours = colours
    self.cutout = cutout
    self.mixup = mixup
  }
}
