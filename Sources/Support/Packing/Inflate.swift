import CZlib

/// Deflate streams and checksums as zip files have them.
public enum Inflate {
  /// Unpacks a raw deflate stream of known length.
  ///
  /// - Parameters:
  ///   - packed: the whole stream.
  ///   - count: bytes that it must unpack to; no more are written whatever the stream holds.
  ///   - place: what error lines call it.
  /// - Returns: `count` bytes.
  /// - Throws: ``InputError`` if the stream is damaged, or shorter or longer than `count`.
  public static func raw(_ packed: UnsafeRawBufferPointer, to count: Int, at place: String) throws -> [UInt8] {
    var stream = z_stream()
    // Negative: no header, no checksum.
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw WorkError("zlib cannot start: out of memory or another version than at build time")
    }
    defer { inflateEnd(&stream) }
    var problem: String?
    // One byte more, so that a stream that is too long shows itself.
    var result = [UInt8](unsafeUninitializedCapacity: count + 1) { target, filled in
      var taken = 0
      filled = 0
      while problem == nil {
        let (input, output) = (min(packed.count - taken, 1 << 30), min(count + 1 - filled, 1 << 30))
        stream.next_in = UnsafeMutablePointer(
          mutating: packed.baseAddress?.advanced(by: taken).assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(input)
        stream.next_out = target.baseAddress?.advanced(by: filled)
        stream.avail_out = UInt32(output)
        let status = inflate(&stream, Z_NO_FLUSH)
        taken += input - Int(stream.avail_in)
        filled += output - Int(stream.avail_out)
        if status == Z_STREAM_END { break }
        if filled > count {
          problem = "unpacks to more than the \(count) bytes that the directory says"
        } else if status != Z_OK {
          problem = taken == packed.count ? "is cut short" : "is damaged"
        }
      }
    }
    if problem == nil, result.count != count {
      problem = "unpacks to \(result.count) bytes where the directory says \(count)"
    }
    if let problem { throw InputError(place, problem, remedy: "fetch or write the file again") }
    result.removeLast(result.count - count)
    return result
  }

  /// CRC-32 as zip, gzip and PNG have it.
  ///
  /// - Parameters:
  ///   - bytes: any number.
  ///   - sum: the checksum of the bytes before them; 0 for none.
  /// - Returns: the checksum of both.
  public static func checksum(_ bytes: UnsafeRawBufferPointer, after sum: UInt32 = 0) -> UInt32 {
    var sum = UInt(sum)
    for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 1 << 30)])
      sum = crc32(sum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(part.count))
    }
    return UInt32(sum)
  }
}
