import Support

/// An element type of NumPy files: what `descr` says, such as `<f4`.
public struct NumPyType: Sendable, Equatable {
  /// The same type in safetensors' terms.
  public let stored: StoredType
  /// Whether the bytes of a number come most significant first.
  public let isBigEndian: Bool

  /// - Parameters:
  ///   - stored: the type; see ``code``.
  ///   - isBigEndian: whether the bytes of a number come most significant first.
  public init(_ stored: StoredType, isBigEndian: Bool = false) {
    self.stored = stored
    self.isBigEndian = isBigEndian
  }

  /// NumPy's names of the types that have one: kind and bytes.
  private static let codes: [String: StoredType] = [
    "b1": .bool, "i1": .i8, "u1": .u8, "i2": .i16, "u2": .u16, "i4": .i32, "u4": .u32, "i8": .i64, "u8": .u64,
    "f2": .f16, "f4": .f32, "f8": .f64, "c8": .c64,
  ]

  /// The little-endian `descr` of a type; nil for types that NumPy does not have (BF16, F8 …).
  public static func code(of type: StoredType) -> String? {
    codes.first { $0.value == type }.map { (type.bits == 8 ? "|" : "<") + $0.key }
  }

  /// Reads a `descr`.
  ///
  /// - Parameters:
  ///   - code: such as `<f4`.
  ///   - place: for the error line.
  /// - Throws: ``InputError`` for Python objects, texts, dates, records, and numbers of sizes that are not read.
  public init(code: String, at place: String) throws {
    let order = code.first
    let kind = String(code.dropFirst())
    guard let order, "<>|=".contains(order), let stored = Self.codes[kind], stored.bits == 8 || order != "|" else {
      let problem =
        switch kind.first {
        case "O": "holds Python objects"
        case "U", "S", "a": "holds texts"
        case "M", "m": "holds dates"
        case "V": "holds raw bytes (a record, or bfloat16)"
        default: "has the unknown type \(inQuotes(code))"
        }
      throw InputError(
        place, problem, remedy: "numbers are read: \(Self.codes.keys.sorted().joined(separator: ", "))")
    }
    self.init(stored, isBigEndian: order == ">")
  }
}
