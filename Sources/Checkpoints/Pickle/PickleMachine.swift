import Foundation
import Support

/// Carries out a pickle's operations and builds what they describe: dictionaries, lists, texts, numbers, and what its
/// dialect knows. No code of the pickle's choice is ever run: what a name means is a case of an enumeration, and a name
/// without one is refused where it stands or becomes an inert record.
///
/// Work and memory grow with the file, not with what it claims: lengths are held against the bytes that are left, a
/// memo has no place that was not filled, and values are shared, not copied.
struct PickleMachine {
  private var bytes: PickleBytes
  private let dialect: PickleDialect
  /// Blocks of numbers beside the pickle, by their keys.
  private(set) var storages: [String: TorchStorage] = [:]
  private var stack: [PickleValue] = []
  /// Heights of the stack at which marks stand.
  private var marks: [Int] = []
  private var memo: [UInt32: PickleValue] = [:]
  /// Owner of all that may be nested without end.
  let arena = PickleArena()
  /// Tuples are freed one within the other, on the thread's stack.
  private static let deepest = 100
  /// More operations than this no file that is read has: CIFAR-100 has a quarter of a million.
  private static let most = 4_000_000
  /// Bytes that texts may still be turned to: a file that holds one text can ask for that again and again.
  private var encodable: Int

  /// - Parameters:
  ///   - data: the whole file.
  ///   - path: for error lines.
  ///   - dialect: which names it may have, and what they mean.
  ///   - start: byte at which the pickle begins.
  init(_ data: Data, path: String, _ dialect: PickleDialect = .arrays, from start: Int = 0) {
    bytes = PickleBytes(data, path: path, from: start)
    self.dialect = dialect
    encodable = data.count
  }

  /// Whether all bytes are taken.
  var isAtEnd: Bool { bytes.isAtEnd }

  /// Of the next byte, from the data's first.
  var position: Int { bytes.position }

  /// Runs to the first STOP.
  mutating func run() throws -> PickleValue {
    for _ in 0..<Self.most {
      let place = bytes.position
      let byte = try bytes.byte()
      guard let operation = PickleOpcode(rawValue: byte) else {
        let digits = "0x" + String(byte, radix: 16)
        throw bytes.broken(
          "the operation \(PickleOpcode.name(of: byte).map { "\($0) (\(digits))" } ?? digits) is not carried out",
          at: place, remedy: "a file that only builds data is expected; this one is of another kind or made up")
      }
      if operation == .stop {
        guard stack.count == 1, marks.isEmpty else {
          throw bytes.broken("the pickle stops with \(stack.count) values", at: place)
        }
        return stack[0]
      }
      if try !constant(operation), try !collection(operation) { try reference(operation, at: place) }
    }
    throw bytes.broken("more than \(Self.most) operations", remedy: "a smaller file is expected")
  }

  // MARK: the stack

  private mutating func push(_ value: PickleValue) { stack.append(value) }

  private mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0) else { throw bytes.broken("an operation lacks its value") }
    return stack.removeLast()
  }

  private func top() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw bytes.broken("an operation lacks its value")
    }
    return value
  }

  /// What stands above the last mark, which goes.
  private mutating func popMarked() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw bytes.broken("an operation lacks its mark") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  // MARK: operations

  /// Numbers, texts and bytes.
  ///
  /// - Returns: whether it was such an operation.
  private mutating func constant(_ operation: PickleOpcode) throws -> Bool {
    switch operation {
    case .version:
      let version = try bytes.byte()
      guard version <= 5 else { throw bytes.broken("protocol \(version)", remedy: "protocols up to 5 are read") }
    case .frame: _ = try bytes.number(8)
    case .none: push(.none)
    case .yes: push(.flag(true))
    case .no: push(.flag(false))
    case .byteInteger: push(.integer(Int64(try bytes.byte())))
    case .shortInteger: push(.integer(Int64(try bytes.number(2))))
    case .integer: push(.integer(Int64(Int32(truncatingIfNeeded: try bytes.number(4)))))
    case .long1: push(long(try bytes.counted(1)))
    case .long4: push(long(try bytes.counted(4)))
    case .float:
      let pattern = try bytes.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      push(.number(Double(bitPattern: pattern)))
    case .binaryBytes, .binaryString: push(.bytes(try bytes.counted(4)))
    case .shortBinaryBytes, .shortBinaryString: push(.bytes(try bytes.counted(1)))
    case .binaryBytes8, .byteArray8: push(.bytes(try bytes.counted(8)))
    case .unicode: push(.text(try bytes.text(4)))
    case .shortUnicode: push(.text(try bytes.text(1)))
    case .unicode8: push(.text(try bytes.text(8)))
    default: return false
    }
    return true
  }

  private func long(_ digits: Data) -> PickleValue {
    guard digits.count <= 8 else { return .longInteger(Data(digits)) }
    let sign: UInt64 = (digits.last ?? 0) < 0x80 ? 0 : .max
    return .integer(Int64(bitPattern: digits.reversed().reduce(sign) { $0 << 8 | UInt64($1) }))
  }

  /// Tuples, lists, dictionaries and sets.
  ///
  /// - Returns: whether it was such an operation.
  private mutating func collection(_ operation: PickleOpcode) throws -> Bool {
    switch operation {
    case .mark: marks.append(stack.count)
    case .pop:
      if stack.count == marks.last { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popMarked()
    case .emptyTuple: push(.tuple(PickleTuple([])))
    case .tuple: try pushTuple(popMarked())
    case .tuple1: try pushTuple([pop()])
    case .tuple2: try pushTuple([pop(), pop()].reversed())
    case .tuple3: try pushTuple([pop(), pop(), pop()].reversed())
    case .emptyList: push(.container(arena.container(.list)))
    case .emptyDictionary: push(.container(arena.container(.dictionary)))
    case .emptySet: push(.container(arena.container(.set)))
    case .list: try fill(.list, popMarked(), isNew: true)
    case .dictionary: try fill(.dictionary, popMarked(), isNew: true)
    case .append: try fill(.list, [pop()])
    case .appends: try fill(.list, popMarked())
    case .setItem: try fill(.dictionary, [pop(), pop()].reversed())
    case .setItems: try fill(.dictionary, popMarked())
    case .addItems: try fill(.set, popMarked())
    default: return false
    }
    return true
  }

  private mutating func pushTuple(_ elements: [PickleValue]) throws {
    let tuple = PickleTuple(elements)
    guard tuple.depth <= Self.deepest else {
      throw bytes.broken("tuples are nested more than \(Self.deepest) deep")
    }
    push(.tuple(tuple))
  }

  private mutating func fill(_ kind: PickleContainer.Kind, _ elements: [PickleValue], isNew: Bool = false) throws {
    if isNew { push(.container(arena.container(kind))) }
    if case .record(let record) = try top() {
      record.elements += elements
      return
    }
    guard case .container(let container) = try top(), container.kind == kind else {
      throw bytes.broken("an operation fills \(try top().kind) as if it were another")
    }
    guard kind != .dictionary || elements.count % 2 == 0 else { throw bytes.broken("a key has no value") }
    container.elements += elements
  }

  /// The memo, names and calls.
  private mutating func reference(_ operation: PickleOpcode, at place: Int) throws {
    switch operation {
    case .put: memo[UInt32(try bytes.byte())] = try top()
    case .longPut: memo[UInt32(try bytes.number(4))] = try top()
    case .memoize: memo[UInt32(truncatingIfNeeded: memo.count)] = try top()
    case .get: try get(UInt32(bytes.byte()), at: place)
    case .longGet: try get(UInt32(bytes.number(4)), at: place)
    case .global: try pushName(PickleName(module: bytes.line(), name: bytes.line()), at: place)
    case .stackGlobal:
      let (name, module) = (try pop(), try pop())
      guard case .text(let name) = name, case .text(let module) = module else {
        throw bytes.broken("a name is \(name.kind)", at: place)
      }
      try pushName(PickleName(module: module, name: name), at: place)
    case .reduce, .newObject:
      let (arguments, callable) = (try pop(), try pop())
      guard case .name(let name) = callable, case .tuple(let values) = arguments,
        operation == .reduce || dialect == .weights
      else { throw bytes.broken("\(callable.kind) is called with \(arguments.kind)", at: place, remedy: Self.refusal) }
      push(try called(name, values.elements, at: place))
    case .build:
      let state = try pop()
      let object = try top()
      guard dialect.build(object, state) else {
        throw bytes.broken("\(object.kind) is given a state of another kind", at: place, remedy: Self.refusal)
      }
    case .persistentID: push(try referred(pop(), at: place))
    default: preconditionFailure("PickleMachine: \(operation) is in none of the lists")
    }
  }

  /// What a call would give.
  private mutating func called(_ name: PickleName, _ arguments: [PickleValue], at place: Int) throws -> PickleValue {
    do {
      guard let result = try dialect.result(of: name, arguments, arena) else {
        throw bytes.broken(
          "\(inQuotes(name.description)) is called with other values than Python writes", at: place,
          remedy: Self.refusal)
      }
      if case .bytes(let encoded) = result {
        encodable -= encoded.count
        guard encodable >= 0 else { throw bytes.broken("texts are turned to bytes again and again", at: place) }
      }
      return result
    } catch let problem as TorchTensor.Problem {
      throw bytes.broken(problem.text, at: place)
    }
  }

  /// What lies beside the pickle, by what the pickle calls it.
  private mutating func referred(_ identity: PickleValue, at place: Int) throws -> PickleValue {
    guard dialect == .weights, case .tuple(let tuple) = identity, let kind = tuple.elements.first?.word else {
      throw bytes.broken("something outside of the pickle is referred to", at: place, remedy: Self.refusal)
    }
    // A class of a whole module, with its source: the name is all that is taken.
    if kind == "module", tuple.elements.count >= 2, case .name = tuple.elements[1] { return tuple.elements[1] }
    guard kind == "storage", let storage = TorchStorage(tuple.elements) else {
      throw bytes.broken("the description of a storage is none that PyTorch writes", at: place)
    }
    guard let known = storages[storage.key] else {
      storages[storage.key] = storage
      return .storage(storage)
    }
    guard known.bytes == storage.bytes else {
      throw bytes.broken("storage \(inQuotes(storage.key)) is described twice, with two sizes", at: place)
    }
    // The same block may be read as another type, or as a part of it.
    return .storage(known.type == storage.type && known.view == storage.view ? known : storage)
  }

  private mutating func get(_ index: UInt32, at place: Int) throws {
    guard let value = memo[index] else { throw bytes.broken("the memo has no place \(index)", at: place) }
    push(value)
  }

  private mutating func pushName(_ name: PickleName, at place: Int) throws {
    guard dialect.allows(name) else {
      throw bytes.broken("the pickle names \(inQuotes(name.description))", at: place, remedy: Self.refusal)
    }
    push(.name(name))
  }

  private static let refusal = "nothing of it was run; only data are read, never code"
}
