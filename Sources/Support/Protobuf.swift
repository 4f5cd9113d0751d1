/// A message in Protocol Buffers' wire format, written field by field.
public struct ProtobufMessage: Sendable, Equatable {
  /// The message so far.
  public private(set) var bytes: [UInt8] = []

  /// An empty message.
  public init() {}

  /// Adds a whole number as a varint; a negative one takes ten bytes.
  public mutating func put(_ field: Int, _ value: Int) {
    key(field, 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a number of eight bytes.
  public mutating func put(_ field: Int, _ value: Double) {
    key(field, 1)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Adds a number of four bytes.
  public mutating func put(_ field: Int, _ value: Float) {
    key(field, 5)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Adds a string.
  public mutating func put(_ field: Int, _ text: String) { put(field, Array(text.utf8)) }

  /// Adds a message.
  public mutating func put(_ field: Int, _ message: ProtobufMessage) { put(field, message.bytes) }

  /// Adds bytes.
  public mutating func put(_ field: Int, _ value: [UInt8]) {
    key(field, 2)
    varint(UInt64(value.count))
    bytes += value
  }

  private mutating func key(_ field: Int, _ wireType: UInt64) { varint(UInt64(field) << 3 | wireType) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The fields of a message in Protocol Buffers' wire format, as they come; ends early where the bytes are none.
public struct ProtobufFields: Sequence, IteratorProtocol {
  /// A field's value.
  public enum Value: Equatable {
    /// A varint.
    case integer(UInt64)
    /// A string, bytes or a message.
    case bytes(ArraySlice<UInt8>)
    /// A number of four or eight bytes, lowest first.
    case fixed(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  /// - Parameter bytes: the message.
  public init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next field; nil at the end, or where the bytes are no message.
  public mutating func next() -> (field: Int, value: Value)? {
    guard let key = varint(), key >> 3 <= 536_870_911 else { return nil }
    let value: Value? =
      switch key & 7 {
      case 0: varint().map(Value.integer)
      case 1: taken(8).map(Value.fixed)
      case 2: varint().flatMap { taken($0) }.map(Value.bytes)
      case 5: taken(4).map(Value.fixed)
      default: nil
      }
    guard let value else {
      rest = []
      return nil
    }
    return (Int(key >> 3), value)
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func taken(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
