import Foundation

/// What a pickle describes: data and names, never objects with behaviour.
public enum PickleValue: Sendable {
  /// `None`.
  case none
  /// `True` or `False`.
  case flag(Bool)
  /// A whole number of up to 64 bits.
  case integer(Int64)
  /// A whole number of more bits: two's complement, lowest byte first.
  case longInteger(Data)
  /// A floating-point number.
  case number(Double)
  /// A text.
  case text(String)
  /// Bytes; Python 2's strings too, which say nothing of their encoding.
  case bytes(Data)
  /// A tuple.
  case tuple(PickleTuple)
  /// A list, a dictionary or a set: it has an identity, may be filled later, and may hold itself.
  case container(PickleContainer)
  /// The name of a class or a function; nothing is ever called by it.
  case name(PickleName)
  /// An array of NumPy.
  case array(PickleArray)
  /// A type of NumPy's elements, by its code, such as `u1`.
  case elementType(String)
  /// An object of a class that is not known, or what an unknown function would give: its name and parts, no behaviour.
  case record(PickleRecord)
  /// A block of numbers that lies beside the pickle.
  case storage(TorchStorage)
  /// A tensor of PyTorch.
  case tensor(TorchTensor)
}

/// A tuple, which knows how deep tuples in it are nested.
public final class PickleTuple: Sendable {
  /// The elements.
  public let elements: [PickleValue]
  /// 1 for a tuple without tuples.
  let depth: Int

  init(_ elements: [PickleValue]) {
    self.elements = elements
    depth = 1 + (elements.map { if case .tuple(let tuple) = $0 { tuple.depth } else { 0 } }.max() ?? 0)
  }
}

/// A module's name and a name in it.
public struct PickleName: Sendable, Hashable, CustomStringConvertible {
  /// Such as `numpy`.
  public let module: String
  /// Such as `ndarray`.
  public let name: String

  /// `numpy.ndarray`.
  public var description: String { "\(module).\(name)" }
}

/// A list, dictionary or set, while it is built and after.
///
/// Filled by the machine that makes it and by nobody after that.
public final class PickleContainer: @unchecked Sendable {
  /// What it is.
  public enum Kind: Sendable { case list, dictionary, set }

  /// What it is.
  public let kind: Kind
  /// Elements; of a dictionary key, value, key, value, in the order in which they came.
  public internal(set) var elements: [PickleValue] = []

  init(_ kind: Kind) { self.kind = kind }
}

/// An object that is not made: the name of its class or function, what it was to be called with, and its state.
///
/// Filled by the machine that makes it and by nobody after that.
public final class PickleRecord: @unchecked Sendable {
  /// Of the class or the function.
  public let name: PickleName
  /// What it would have been called with.
  public internal(set) var arguments: [PickleValue]
  /// What BUILD has for it; nil for nothing.
  public internal(set) var state: PickleValue?
  /// What was put into it as into a list or a dictionary.
  public internal(set) var elements: [PickleValue] = []

  init(_ name: PickleName, _ arguments: [PickleValue]) {
    self.name = name
    self.arguments = arguments
  }
}

/// An array of NumPy: named first, filled by its state.
///
/// Filled by the machine that makes it and by nobody after that.
public final class PickleArray: @unchecked Sendable {
  /// Extents.
  public internal(set) var shape: [Int] = []
  /// Code of the element type without its byte order, such as `u1`; empty before the state has come.
  public internal(set) var elementType = ""
  /// Whether the first index runs fastest.
  public internal(set) var isFortranOrder = false
  /// The elements as they lie in the pickle.
  public internal(set) var bytes = Data()

  init() {}
}

extension PickleValue {
  /// A text, or bytes that are one in ASCII: Python 2 wrote texts as bytes.
  public var word: String? {
    switch self {
    case .text(let text): text
    case .bytes(let bytes): bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
    default: nil
    }
  }

  /// Elements of a list or a tuple.
  public var elements: [PickleValue]? {
    switch self {
    case .tuple(let tuple): tuple.elements
    case .container(let container) where container.kind == .list: container.elements
    default: nil
    }
  }

  /// The last value of a dictionary under a key that is a word.
  public subscript(key: String) -> PickleValue? {
    guard case .container(let container) = self, container.kind == .dictionary else { return nil }
    let places = stride(from: 0, to: container.elements.count - 1, by: 2)
    return places.reversed().first { container.elements[$0].word == key }.map { container.elements[$0 + 1] }
  }

  /// What it is, for an error line.
  public var kind: String {
    switch self {
    case .none: "None"
    case .flag: "a flag"
    case .integer, .longInteger: "a whole number"
    case .number: "a number"
    case .text: "a text"
    case .bytes: "bytes"
    case .tuple: "a tuple"
    case .container(let container):
      switch container.kind {
      case .list: "a list"
      case .dictionary: "a dictionary"
      case .set: "a set"
      }
    case .name(let name): inQuotes(name.description)
    case .array: "an array"
    case .elementType: "an element type"
    case .record(let record): "an object of \(inQuotes(record.name.description))"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}
