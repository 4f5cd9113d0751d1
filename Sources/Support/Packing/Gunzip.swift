import CZlib

/// Unpacks a gzip stream piece by piece.
public final class Gunzip {
  private let stream: UnsafeMutablePointer<z_stream>
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  /// A member of the file ended; another may follow.
  private var isBetweenMembers = false

  /// - Throws: ``WorkError`` if zlib cannot start.
  public init() throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window; 16 says gzip, with its checksum.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw WorkError("zlib cannot start: out of memory or another version than at build time")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Fills `output` as far as the stream goes.
  ///
  /// - Parameters:
  ///   - output: where unpacked bytes go.
  ///   - path: for error lines.
  ///   - refill: reads more of the packed file and returns the number of bytes; 0 at its end.
  /// - Returns: bytes written; fewer than asked for only at the end of a complete stream.
  /// - Throws: ``InputError`` if the stream is cut short or damaged; what `refill` throws.
  public func fill(
    _ output: UnsafeMutableRawBufferPointer, path: String,
    from refill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> Int {
    var filled = 0
    while filled < output.count {
      if stream.pointee.avail_in == 0 {
        let count = try refill(input)
        if count == 0 && isBetweenMembers { break }
        guard count > 0 else {
          throw InputError(path, "the gzip stream is cut short", remedy: "the file is truncated: fetch it again")
        }
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
      }
      if isBetweenMembers {
        inflateReset(stream)
        isBetweenMembers = false
      }
      let room = min(output.count - filled, 1 << 30)
      stream.pointee.next_out = output.baseAddress?.advanced(by: filled).assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      let status = inflate(stream, Z_NO_FLUSH)
      filled += room - Int(stream.pointee.avail_out)
      switch status {
      case Z_STREAM_END: isBetweenMembers = true
      case Z_OK, Z_BUF_ERROR: continue
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)"
        throw InputError(path, "the gzip stream is damaged (\(reason))", remedy: "fetch the file again")
      }
    }
    return filled
  }
}
