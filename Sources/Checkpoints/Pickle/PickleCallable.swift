import Foundation
import Support

/// What a pickle of arrays may call: names become cases of this list, and nothing else is ever looked up.
enum PickleCallable: CaseIterable {
  /// NumPy's empty array, which BUILD fills.
  case reconstruct
  /// NumPy's array over bytes, as protocol 5 has it.
  case fromBuffer
  /// NumPy's element type.
  case elementType
  /// Bytes that protocol 2 writes as a text of Latin-1.
  case encode
  /// Python 2's and 3's empty bytes.
  case bytes

  /// All spellings: NumPy moved its module, and Python its own.
  private static let spellings: [PickleName: PickleCallable] = [
    PickleName(module: "numpy.core.multiarray", name: "_reconstruct"): .reconstruct,
    PickleName(module: "numpy._core.multiarray", name: "_reconstruct"): .reconstruct,
    PickleName(module: "numpy.core.numeric", name: "_frombuffer"): .fromBuffer,
    PickleName(module: "numpy._core.numeric", name: "_frombuffer"): .fromBuffer,
    PickleName(module: "numpy", name: "dtype"): .elementType,
    PickleName(module: "_codecs", name: "encode"): .encode,
    PickleName(module: "__builtin__", name: "bytes"): .bytes,
    PickleName(module: "builtins", name: "bytes"): .bytes,
  ]

  init?(_ name: PickleName) {
    guard let found = Self.spellings[name] else { return nil }
    self = found
  }

  /// Names that may be given to a function, but not be called.
  private static let arguments: Set<PickleName> = [PickleName(module: "numpy", name: "ndarray")]

  /// Whether a pickle may have the name at all.
  static func isKnown(_ name: PickleName) -> Bool { spellings[name] != nil || arguments.contains(name) }

  /// What the call would give; nil where the arguments are others than those that Python writes.
  func result(_ arguments: [PickleValue]) -> PickleValue? {
    switch self {
    case .reconstruct:
      guard arguments.count == 3, case .name = arguments[0] else { return nil }
      return .array(PickleArray())
    case .fromBuffer:
      guard arguments.count == 4, let order = arguments[3].word, order == "C" || order == "F" else { return nil }
      let array = PickleArray()
      return array.fill(extents: arguments[2], arguments[1], isFortranOrder: order == "F", arguments[0])
        ? .array(array) : nil
    case .elementType:
      guard let code = arguments.first?.word, (1...3).contains(arguments.count) else { return nil }
      return .elementType(code)
    case .encode: return Self.encoded(arguments)
    case .bytes: return arguments.isEmpty ? .bytes(Data()) : nil
    }
  }

  /// Bytes that protocol 2 wrote as a text of Latin-1.
  static func encoded(_ arguments: [PickleValue]) -> PickleValue? {
    guard arguments.count == 2, case .text(let text) = arguments[0], arguments[1].word == "latin1" else { return nil }
    var bytes = Data(capacity: text.unicodeScalars.count)
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return .bytes(bytes)
  }

  /// Gives an object the state that BUILD has for it.
  ///
  /// - Returns: whether it is a state that Python writes for such an object.
  static func build(_ object: PickleValue, _ state: PickleValue) -> Bool {
    guard case .tuple(let tuple) = state else { return false }
    let parts = tuple.elements
    switch object {
    case .elementType:
      // Version, byte order, fields and sizes: of single bytes nothing matters, and records are refused.
      guard (8...9).contains(parts.count), case .none = parts[3], case .none = parts[4] else { return false }
      return true
    case .array(let array):
      guard parts.count == 5 else { return false }
      let isFortranOrder: Bool
      switch parts[3] {
      case .flag(let flag): isFortranOrder = flag
      // Python 2's NumPy wrote 0 and 1.
      case .integer(let number): isFortranOrder = number != 0
      default: return false
      }
      return array.fill(extents: parts[1], parts[2], isFortranOrder: isFortranOrder, parts[4])
    default: return false
    }
  }
}

extension PickleArray {
  /// Takes what NumPy writes of an array.
  ///
  /// - Returns: whether it is that.
  fileprivate func fill(
    extents: PickleValue, _ type: PickleValue, isFortranOrder: Bool, _ content: PickleValue
  ) -> Bool {
    guard let extents = extents.elements, extents.count <= 32, case .elementType(let code) = type,
      case .bytes(let bytes) = content
    else { return false }
    var (shape, count) = ([Int](), 1)
    for case .integer(let extent) in extents where extent >= 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(extent))
      guard !overflow else { return false }
      (shape, count) = (shape + [Int(extent)], product)
    }
    guard shape.count == extents.count else { return false }
    (self.shape, elementType, self.isFortranOrder, self.bytes) = (shape, code, isFortranOrder, bytes)
    return true
  }
}
