import CPNG
import Support

/// PNG by libpng; the only place that knows it.
enum PNGDecoder {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// - Throws: ``InputError`` for sizes that are too large or that the file cannot hold, and for damage.
  static func decode(_ bytes: [UInt8], path: String) throws -> Picture {
    let header = try Header(bytes, path: path)
    var failure: String?
    let samples = [UInt8](unsafeUninitializedCapacity: header.height * header.width * header.channels) { target, filled in
      bytes.withUnsafeBufferPointer { bytes in
        var source = kds_png_source()
        source.bytes = bytes.baseAddress
        source.count = bytes.count
        let status = kds_png_decode(
          &source, target.baseAddress, UInt32(header.width), UInt32(header.height), Int32(header.channels))
        if status != 0 {
          failure = withUnsafeBytes(of: source.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
      }
      // Initialised to the end only if all rows came.
      filled = failure == nil ? target.count : 0
    }
    if let failure {
      throw InputError(path, "is a damaged PNG (\(failure))", remedy: "fetch or export it again")
    }
    return Picture(height: header.height, width: header.width, channels: header.channels, samples: samples)
  }

  /// The first chunk, read here so that sizes are checked before libpng allocates anything.
  private struct Header {
    let height: Int
    let width: Int
    let channels: Int

    init(_ bytes: [UInt8], path: String) throws {
      guard bytes.count >= 33 else {
        throw InputError(
          "\(path): byte \(bytes.count)", "the PNG ends within its header", remedy: "it is cut short: fetch it again")
      }
      func word(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
      guard word(8) == 13, Array(bytes[12..<16]) == Array("IHDR".utf8) else {
        throw InputError("\(path): byte 8", "the PNG has no IHDR chunk first", remedy: "it is damaged: fetch it again")
      }
      width = word(16)
      height = word(20)
      try Picture.checkSize(height: height, width: width, path: path)
      let (depth, type) = (Int(bytes[24]), bytes[25])
      guard let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][type], [1, 2, 4, 8, 16].contains(depth) else {
        throw InputError(
          "\(path): byte 24", "\(depth) bits of colour type \(type) are no PNG", remedy: "it is damaged: fetch it again")
      }
      channels = type == 0 || type == 4 ? 1 : 3
      // Deflate packs at most 1032 bytes into one.
      guard height * ((width * samples * depth + 7) / 8) / 1032 <= bytes.count else {
        throw InputError(
          path, "declares \(height)x\(width) pixels, more than its \(bytes.count) bytes can hold",
          remedy: "it is cut short or damaged: fetch it again")
      }
    }
  }
}
