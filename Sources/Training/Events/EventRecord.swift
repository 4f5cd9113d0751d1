import Support

/// One record of a TensorBoard event file: a protobuf `Event` in TFRecord framing.
public struct EventRecord: Sendable, Equatable {
  /// What a record says.
  public enum Content: Sendable, Equatable {
    /// The first record of a file.
    case version
    /// Numbers by their tags; `/` in a tag groups panels.
    case scalars([Scalar])
    /// A picture.
    case image(tag: String, png: [UInt8], width: Int, height: Int)
    /// A text in markdown.
    case text(tag: String, markdown: String)
  }

  /// A number with its tag.
  public struct Scalar: Sendable, Equatable {
    /// Its tag, such as `loss/labels`.
    public let tag: String
    /// The number; rounded to single precision.
    public let value: Double

    /// - Parameters:
    ///   - tag: such as `loss/labels`.
    ///   - value: the number.
    public init(_ tag: String, _ value: Double) {
      self.tag = tag
      self.value = value
    }
  }

  /// Seconds since 1970.
  public let time: Double
  /// What the horizontal axis counts: epochs or steps.
  public let step: Int
  /// What the record says.
  public let content: Content

  /// - Parameters:
  ///   - time: seconds since 1970.
  ///   - step: epochs or steps.
  ///   - content: what the record says.
  public init(time: Double, step: Int, _ content: Content) {
    self.time = time
    self.step = step
    self.content = content
  }

  /// The record as it lies in a file: length, its checksum, the event, its checksum.
  public var framed: [UInt8] {
    let payload = event.bytes
    let length = UInt64(payload.count).littleEndianBytes
    return length + Self.maskedChecksum(length).littleEndianBytes + payload
      + Self.maskedChecksum(payload).littleEndianBytes
  }

  /// CRC-32C, turned and shifted so that checksums of data that hold checksums stay good.
  package static func maskedChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let checksum = CRC32.castagnoli.checksum(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  private var event: ProtobufMessage {
    var event = ProtobufMessage()
    event.put(1, time)
    if case .version = content {
      event.put(3, "brain.Event:2")
      return event
    }
    // As protobuf has it, a zero is not written.
    if step != 0 { event.put(2, step) }
    event.put(5, summary)
    return event
  }

  private var summary: ProtobufMessage {
    var summary = ProtobufMessage()
    switch content {
    case .version: break
    case .scalars(let scalars):
      for scalar in scalars {
        summary.put(1, Self.value(scalar.tag) { $0.put(2, Float(scalar.value)) })
      }
    case .image(let tag, let png, let width, let height):
      var image = ProtobufMessage()
      image.put(1, height)
      image.put(2, width)
      // Red, green, blue.
      image.put(3, 3)
      image.put(4, png)
      summary.put(1, Self.value(tag) { $0.put(4, image) })
    case .text(let tag, let markdown):
      var size = ProtobufMessage()
      size.put(1, 1)
      var shape = ProtobufMessage()
      shape.put(2, size)
      var tensor = ProtobufMessage()
      // A list of one string.
      tensor.put(1, 7)
      tensor.put(2, shape)
      tensor.put(8, markdown)
      var plugin = ProtobufMessage()
      plugin.put(1, "text")
      var metadata = ProtobufMessage()
      metadata.put(1, plugin)
      summary.put(
        1,
        Self.value(tag) {
          $0.put(8, tensor)
          $0.put(9, metadata)
        })
    }
    return summary
  }

  private static func value(_ tag: String, _ fill: (inout ProtobufMessage) -> Void) -> ProtobufMessage {
    var value = ProtobufMessage()
    value.put(1, tag)
    fill(&value)
    return value
  }
}
