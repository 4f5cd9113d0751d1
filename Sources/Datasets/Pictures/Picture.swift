import Support

/// A decoded PNG or JPEG file, 8 bits per sample, row by row.
///
/// - Palettes become colours; of 16 bits the high byte stays; an alpha channel is dropped, not composited; gamma and
///   colour profiles are not applied, and EXIF is ignored, its orientation too: as torchvision's image folders do.
/// - JPEG with four inks (CMYK) is refused: no conversion without its profile is right.
/// - Damage is refused, not filled with grey.
package struct Picture: Sendable, Equatable {
  /// Rows.
  package let height: Int
  /// Columns.
  package let width: Int
  /// 1 for grey, 3 for red, green, blue.
  package let channels: Int
  /// [H, W, C].
  package let samples: [UInt8]

  /// More pixels than this are refused before anything is allocated for them.
  package static let mostPixels = 1 << 25
  /// Longer files are refused.
  package static let mostBytes = 256 << 20

  /// - Parameters:
  ///   - height: rows.
  ///   - width: columns.
  ///   - channels: 1 or 3.
  ///   - samples: [H, W, C].
  package init(height: Int, width: Int, channels: Int, samples: [UInt8]) {
    precondition(
      samples.count == height * width * channels,
      "Picture: \(samples.count) samples for \(height)x\(width)x\(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    self.samples = samples
  }

  /// Reads and decodes a file.
  ///
  /// - Throws: ``InputError`` that names the file and what is wrong with it.
  package init(path: String) throws {
    try self.init(
      FileBytes.read(path, atMost: Picture.mostBytes, as: "a PNG or JPEG picture"), path: path)
  }

  /// Decodes a file that is in memory; its kind is told by content, not by name.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: what error lines call it.
  /// - Throws: ``InputError`` that says what is wrong.
  package init(_ bytes: [UInt8], path: String) throws {
    if bytes.starts(with: PNGDecoder.signature) {
      self = try PNGDecoder.decode(bytes, path: path)
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = try JPEGDecoder.decode(bytes, path: path)
    } else {
      throw InputError(path, "is \(Picture.kind(of: bytes))", remedy: "a PNG or JPEG picture is expected")
    }
  }

  /// Refuses sizes that no picture of a data set has.
  static func checkSize(height: Int, width: Int, path: String) throws {
    guard height > 0, width > 0 else {
      throw InputError(path, "is a picture of \(height)x\(width) pixels", remedy: "it is damaged: fetch it again")
    }
    let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
    guard !overflow, pixels <= mostPixels else {
      throw InputError(
        path, "is a picture of \(height)x\(width) pixels", remedy: "at most \(mostPixels) pixels are read: scale it down")
    }
  }

  /// What a file is that is neither PNG nor JPEG, as far as its first bytes tell.
  private static func kind(of bytes: [UInt8]) -> String {
    let kinds: [(String, [UInt8])] = [
      ("a GIF", Array("GIF8".utf8)), ("a WebP or other RIFF file", Array("RIFF".utf8)), ("a BMP", Array("BM".utf8)),
      ("a TIFF", [0x49, 0x49, 0x2A, 0]), ("a TIFF", [0x4D, 0x4D, 0, 0x2A]), ("a PDF", Array("%PDF".utf8)),
      ("a gzip file", [0x1F, 0x8B]), ("a zip file", [0x50, 0x4B, 3, 4]),
    ]
    if bytes.isEmpty { return "empty" }
    return kinds.first { bytes.starts(with: $0.1) }?.0 ?? "no picture"
  }
}
