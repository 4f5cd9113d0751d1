import Support

/// Where the records of an event file lie, and what each one is about; ends at the first that is broken or cut off, as
/// a killed writer leaves it.
package struct EventScan {
  package struct Found: Equatable {
    /// First byte after the record.
    package let end: Int
    package let step: Int
    /// The tag of its first value; empty for the file's version.
    package let tag: String
  }

  package private(set) var records: [Found] = []

  package init(_ bytes: [UInt8]) {
    var position = 0
    while bytes.count - position >= 16 {
      let head = bytes[position..<position + 8]
      let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard Self.checksum(bytes, at: position + 8) == EventRecord.maskedChecksum(head),
        length <= UInt64(bytes.count - position - 16)
      else { return }
      let body = bytes[position + 12..<position + 12 + Int(length)]
      guard Self.checksum(bytes, at: body.endIndex) == EventRecord.maskedChecksum(body) else { return }
      position = body.endIndex + 4
      records.append(Self.found(body, end: position))
    }
  }

  private static func checksum(_ bytes: [UInt8], at position: Int) -> UInt32 {
    bytes[position..<position + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  }

  private static func found(_ event: ArraySlice<UInt8>, end: Int) -> Found {
    var (step, tag) = (0, "")
    for (field, value) in ProtobufFields(event) {
      switch (field, value) {
      case (2, .integer(let number)): step = Int(truncatingIfNeeded: number)
      case (5, .bytes(let summary)): tag = Self.firstTag(summary) ?? ""
      default: break
      }
    }
    return Found(end: end, step: step, tag: tag)
  }

  private static func firstTag(_ summary: ArraySlice<UInt8>) -> String? {
    for case (1, .bytes(let value)) in ProtobufFields(summary) {
      for case (1, .bytes(let tag)) in ProtobufFields(value) { return String(decoding: tag, as: UTF8.self) }
    }
    return nil
  }
}
