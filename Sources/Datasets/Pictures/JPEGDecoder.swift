import CJPEG
import Support

/// JPEG by libjpeg-turbo; the only place that knows it.
enum JPEGDecoder {
  /// - Throws: ``InputError`` for sizes that are too large, for four inks, and for damage.
  static func decode(_ bytes: [UInt8], path: String) throws -> Picture {
    var facts = kds_jpeg_facts()
    var errors = kds_jpeg_errors()
    guard kds_jpeg_header(bytes, bytes.count, &facts, &errors) == 0 else { throw damaged(errors, path) }
    let (height, width) = (Int(facts.height), Int(facts.width))
    try Picture.checkSize(height: height, width: width, path: path)
    let channels = Int(facts.components)
    guard channels == 1 || channels == 3 else {
      throw InputError(
        path, channels == 4 ? "is a JPEG of four inks (CMYK)" : "is a JPEG of \(channels) components",
        remedy: "convert it to RGB")
    }
    var status: Int32 = 0
    let samples = [UInt8](unsafeUninitializedCapacity: height * width * channels) { target, filled in
      status = kds_jpeg_decode(bytes, bytes.count, &facts, target.baseAddress, &errors)
      filled = status == 0 ? target.count : 0
    }
    guard status == 0 else { throw damaged(errors, path) }
    return Picture(height: height, width: width, channels: channels, samples: samples)
  }

  private static func damaged(_ errors: kds_jpeg_errors, _ path: String) -> InputError {
    let reason = withUnsafeBytes(of: errors.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let line = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
    return InputError(path, "is a damaged JPEG (\(line))", remedy: "fetch or export it again")
  }
}
