import Support

/// How pictures of any size become images of one size: the largest centred part with the image's proportions, scaled.
///
/// The scaling is antialiased bilinear (``Resampling``); a picture that has the size already stays as it is. Masks go
/// the same way by nearest neighbour.
struct PictureFit: Sendable, Equatable {
  /// Rows of an image.
  let height: Int
  /// Columns of an image.
  let width: Int
  /// Colours of an image: 1 or 3.
  let channels: Int
  /// Whether pictures of another size are refused instead of scaled.
  var isExact = false

  /// - Throws: ``InputError`` if a picture that must have the image's size has another.
  func check(_ picture: Picture, path: String) throws {
    guard !isExact || (picture.height, picture.width) == (height, width) else {
      throw InputError(
        path, "is a picture of \(picture.height)x\(picture.width) pixels, where others have \(height)x\(width)",
        remedy: "data.size scales all to one size")
    }
  }

  var imageSize: Int { height * width * channels }

  /// Writes a picture as an image.
  ///
  /// - Parameters:
  ///   - picture: of any size; colours become grey by 0.299 R + 0.587 G + 0.114 B, grey is repeated for each colour.
  ///   - target: [H, W, C].
  func write(_ picture: Picture, to target: UnsafeMutableBufferPointer<UInt8>) {
    precondition(target.count == imageSize, "PictureFit: \(target.count) bytes for \(height)x\(width)x\(channels)")
    let source = channels == 1 && picture.channels == 3 ? Self.grey(picture) : picture
    let scaled = self.scaled(source)
    if source.channels == channels {
      _ = target.update(fromContentsOf: scaled)
    } else {
      for (place, value) in scaled.enumerated() {
        for channel in 0..<channels { target[place * channels + channel] = value }
      }
    }
  }

  /// A mask of the image's size from one of the picture's size: 1 where the nearest sample is not black.
  func mask(_ picture: Picture) -> [UInt8] {
    let (top, left, scale) = window(height: picture.height, width: picture.width)
    var mask: [UInt8] = []
    mask.reserveCapacity(height * width)
    for row in 0..<height {
      let from = min(picture.height - 1, Int(top + (Double(row) + 0.5) * scale))
      for column in 0..<width {
        let place = from * picture.width + min(picture.width - 1, Int(left + (Double(column) + 0.5) * scale))
        let samples = picture.samples[place * picture.channels..<(place + 1) * picture.channels]
        mask.append(samples.contains { $0 != 0 } ? 1 : 0)
      }
    }
    return mask
  }

  private func scaled(_ picture: Picture) -> [UInt8] {
    guard picture.height != height || picture.width != width else { return picture.samples }
    let (top, left, scale) = window(height: picture.height, width: picture.width)
    // As Pillow, whose box is in single precision.
    func edge(_ value: Double) -> Double { Double(Float(value)) }
    let resampling = Resampling(
      from: (picture.height, picture.width), to: (height, width),
      vertical: .init(start: edge(top), end: edge(top + Double(height) * scale)),
      horizontal: .init(start: edge(left), end: edge(left + Double(width) * scale)))
    return picture.samples.withUnsafeBufferPointer { resampling($0, channels: picture.channels) }
  }

  /// The part of a picture that is seen, in its own pixels, and how many of them make one of the image's.
  private func window(height: Int, width: Int) -> (top: Double, left: Double, scale: Double) {
    let scale = min(Double(height) / Double(self.height), Double(width) / Double(self.width))
    return (
      (Double(height) - Double(self.height) * scale) / 2, (Double(width) - Double(self.width) * scale) / 2, scale
    )
  }

  /// ITU-R 601 luma in 16-bit weights, as Pillow's `convert("L")`.
  private static func grey(_ picture: Picture) -> Picture {
    let samples = (0..<picture.height * picture.width).map { place in
      let (red, green, blue) = (
        Int(picture.samples[3 * place]), Int(picture.samples[3 * place + 1]), Int(picture.samples[3 * place + 2])
      )
      return UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
    }
    return Picture(height: picture.height, width: picture.width, channels: 1, samples: samples)
  }
}
