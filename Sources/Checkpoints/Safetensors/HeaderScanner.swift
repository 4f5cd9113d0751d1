import Support

/// Reads the JSON header of a safetensors file: exactly its grammar, nothing nested deeper, no key twice.
///
/// A general JSON reader would take 1.0 for an integer and keep one of two equal keys without a word. This one never
/// recurses beyond the two levels that the grammar has, and allocates in proportion to what it has read, not to what
/// the header claims.
struct HeaderScanner {
  /// One tensor as the header describes it; numbers are as large as the file says.
  struct Entry {
    let name: String
    let type: StoredType
    let shape: [UInt64]
    let begin: UInt64
    let end: UInt64
  }

  // What a file describes takes many times the room of its description; no network comes near.
  private static let (mostTensors, mostMetadata, mostAxes) = (200_000, 100_000, 64)

  private var text: HeaderText
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [Entry] = []

  /// - Parameters:
  ///   - bytes: the header, valid UTF-8.
  ///   - path: of the file, for errors.
  /// - Throws: ``InputError`` naming the byte of the file where the header is broken.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    text = HeaderText(bytes, path: path)
    try header()
  }

  private mutating func header() throws {
    var names: Set<String> = []
    var hasMetadata = false
    try object { scanner, key, start in
      if key == "__metadata__" {
        guard !hasMetadata else {
          throw scanner.text.broken("'__metadata__' occurs twice", "each key must occur once", at: start)
        }
        hasMetadata = true
        // The reference reads a missing map, and writers that have none to give put it so.
        if !scanner.text.skipWord("null") { try scanner.metadataObject() }
      } else {
        guard names.insert(key).inserted else {
          throw scanner.text.broken("tensor \(inQuotes(key)) occurs twice", "each name must occur once", at: start)
        }
        guard scanner.entries.count < Self.mostTensors else {
          throw scanner.text.broken("more than \(Self.mostTensors) tensors", "fewer are expected", at: start)
        }
        scanner.entries.append(try scanner.tensor(named: key))
      }
    }
    try text.end()
  }

  private mutating func metadataObject() throws {
    try object { scanner, key, start in
      guard scanner.metadata[key] == nil else {
        throw scanner.text.broken("metadata key \(inQuotes(key)) occurs twice", "each key must occur once", at: start)
      }
      guard scanner.metadata.count < Self.mostMetadata else {
        throw scanner.text.broken("more than \(Self.mostMetadata) metadata keys", "fewer are expected", at: start)
      }
      scanner.metadata[key] = try scanner.text.string(as: "the metadata value of \(inQuotes(key))")
    }
  }

  private mutating func tensor(named name: String) throws -> Entry {
    var type: StoredType?
    var shape: [UInt64]?
    var offsets: [UInt64]?
    var place: String { "tensor \(inQuotes(name))" }
    let fields = "it has dtype, shape and data_offsets, each once"
    let begin = text.position
    try object { scanner, key, start in
      switch key {
      case "dtype" where type == nil: type = try scanner.type(of: name)
      case "shape" where shape == nil: shape = try scanner.integers(as: "the shape of \(place)")
      case "data_offsets" where offsets == nil:
        offsets = try scanner.integers(as: "data_offsets of \(place)")
      default:
        throw scanner.text.broken("\(place) has an unknown or repeated field \(inQuotes(key))", fields, at: start)
      }
    }
    guard let type else { throw text.broken("\(place) has no dtype", fields, at: begin) }
    guard let shape else { throw text.broken("\(place) has no shape", fields, at: begin) }
    guard let offsets else { throw text.broken("\(place) has no data_offsets", fields, at: begin) }
    guard offsets.count == 2 else {
      throw text.broken("\(place) has \(offsets.count) data_offsets", "begin and end are expected", at: begin)
    }
    return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func type(of name: String) throws -> StoredType {
    var place: String { "tensor \(inQuotes(name))" }
    text.skipSpace()
    let start = text.position
    let found = try text.string(as: "the dtype of \(place)")
    guard let type = StoredType(rawValue: found) else {
      let known = StoredType.allCases.map(\.rawValue).joined(separator: ", ")
      throw text.broken("\(place) has the unknown dtype \(inQuotes(found))", "known are \(known)", at: start)
    }
    return type
  }

  /// One object; `value` reads what stands behind each key, whose first byte is `start`.
  private mutating func object(_ value: (inout HeaderScanner, _ key: String, _ start: Int) throws -> Void) throws {
    try text.expect("{")
    guard !text.skip("}") else { return }
    repeat {
      text.skipSpace()
      let start = text.position
      let key = try text.string(as: "a key")
      try text.expect(":")
      try value(&self, key, start)
    } while text.skip(",")
    try text.expect("}")
  }

  private mutating func integers(as meaning: @autoclosure () -> String) throws -> [UInt64] {
    var list: [UInt64] = []
    try text.expect("[")
    guard !text.skip("]") else { return list }
    repeat {
      guard list.count < Self.mostAxes else {
        throw text.broken("\(meaning()) has more than \(Self.mostAxes) numbers", "fewer are expected")
      }
      list.append(try text.integer(in: meaning()))
    } while text.skip(",")
    try text.expect("]")
    return list
  }
}

/// A name from a file, fit for one line of an error: shortened, what is not seen escaped.
func inQuotes(_ name: String) -> String { "'\(VisibleText.name(name, atMost: 80))'" }
