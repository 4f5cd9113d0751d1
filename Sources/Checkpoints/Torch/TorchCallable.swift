/// What a pickle of PyTorch may call: names become cases of this list, and nothing else is ever looked up.
enum TorchCallable {
  case orderedDictionary
  case counter
  case tensor
  case parameter
  case size
  case set
  case byteArray
  case emptyBytes
  case encode
  /// A value that nothing here needs: a device, a complex number.
  case aside

  private static let names: [PickleName: TorchCallable] = {
    var names: [PickleName: TorchCallable] = [
      PickleName(module: "collections", name: "OrderedDict"): .orderedDictionary,
      PickleName(module: "collections", name: "Counter"): .counter,
      PickleName(module: "torch._utils", name: "_rebuild_tensor"): .tensor,
      PickleName(module: "torch._utils", name: "_rebuild_tensor_v2"): .tensor,
      PickleName(module: "torch._utils", name: "_rebuild_tensor_v3"): .tensor,
      PickleName(module: "torch._utils", name: "_rebuild_parameter"): .parameter,
      PickleName(module: "torch._utils", name: "_rebuild_parameter_with_state"): .parameter,
      PickleName(module: "torch.nn.parameter", name: "Parameter"): .parameter,
      PickleName(module: "torch", name: "Size"): .size, PickleName(module: "torch", name: "device"): .aside,
      PickleName(module: "_codecs", name: "encode"): .encode,
    ]
    for module in ["builtins", "__builtin__"] {
      names[PickleName(module: module, name: "set")] = .set
      names[PickleName(module: module, name: "bytearray")] = .byteArray
      names[PickleName(module: module, name: "bytes")] = .emptyBytes
      names[PickleName(module: module, name: "complex")] = .aside
    }
    return names
  }()

  init?(_ name: PickleName) {
    guard let found = Self.names[name] else { return nil }
    self = found
  }

  /// What the call would give.
  ///
  /// - Returns: nil where the arguments are others than those that PyTorch and Python write.
  /// - Throws: ``TorchTensor/Problem`` for a tensor that reaches beyond its storage.
  func result(_ arguments: [PickleValue], _ arena: PickleArena) throws -> PickleValue? {
    switch self {
    case .orderedDictionary, .counter:
      let dictionary = arena.container(.dictionary)
      guard let content = arguments.first else { return .container(dictionary) }
      guard arguments.count == 1, let elements = Self.pairs(content) else { return nil }
      dictionary.elements = elements
      return .container(dictionary)
    case .tensor: return try Self.tensor(arguments).map(PickleValue.tensor)
    case .parameter:
      // Gradients and hooks are no part of the values. A parameter that is no tensor depends on what is not read.
      guard let data = arguments.first else { return nil }
      switch data {
      case .tensor, .record: return data
      default: return nil
      }
    case .size:
      guard arguments.count == 1, let extents = arguments[0].elements else { return nil }
      return .tuple(PickleTuple(extents))
    case .set:
      let set = arena.container(.set)
      guard arguments.count <= 1 else { return nil }
      if let content = arguments.first {
        guard let elements = content.elements else { return nil }
        set.elements = elements
      }
      return .container(set)
    case .byteArray:
      switch arguments.first {
      case nil: return .bytes(.init())
      case .bytes(let bytes)?: return arguments.count == 1 ? .bytes(bytes) : nil
      default: return arguments.last?.word == "latin-1" ? PickleCallable.encoded([arguments[0], .text("latin1")]) : nil
      }
    case .emptyBytes: return arguments.isEmpty ? .bytes(.init()) : nil
    case .encode: return PickleCallable.encoded(arguments)
    case .aside: return PickleValue.none
    }
  }

  /// Key, value, key, value of a dictionary, or of a list of pairs, as Python 2 wrote ordered ones.
  private static func pairs(_ content: PickleValue) -> [PickleValue]? {
    if case .container(let container) = content, container.kind == .dictionary { return container.elements }
    guard let list = content.elements else { return nil }
    var elements: [PickleValue] = []
    for pair in list {
      guard let pair = pair.elements, pair.count == 2 else { return nil }
      elements += pair
    }
    return elements
  }

  /// Storage, offset, extents, strides; then whether gradients are wanted, hooks, perhaps a type, perhaps flags.
  private static func tensor(_ arguments: [PickleValue]) throws -> TorchTensor? {
    guard (4...8).contains(arguments.count), case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = integers(arguments[2]), let strides = integers(arguments[3])
    else { return nil }
    var type: TorchType?
    if arguments.count > 6, case .name(let name) = arguments[6] {
      guard let named = TorchType(element: name) else {
        throw TorchTensor.Problem(text: "a tensor has the unknown type \(inQuotes(name.description))")
      }
      type = named
    }
    let flags = arguments.count > 6 ? arguments[arguments.count - 1] : PickleValue.none
    let isTransformed = ["conj", "neg"].contains { if case .flag(true)? = flags[$0] { true } else { false } }
    return try TorchTensor(
      storage, type: type, offset: offset, shape: shape, strides: strides, isTransformed: isTransformed)
  }

  private static func integers(_ value: PickleValue) -> [Int64]? {
    guard let elements = value.elements else { return nil }
    var numbers: [Int64] = []
    for element in elements {
      guard case .integer(let number) = element else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}
