import Support

/// The maps of tensors in what was saved: state dictionaries, nested ones, and modules without their code.
struct TorchTree {
  /// Tensors by their joined names, and what else a map holds.
  struct Leaves {
    var tensors: [(name: String, tensor: TorchTensor)] = []
    var rest: [(name: String, value: PickleValue)] = []
  }

  private let isScript: Bool
  let path: String
  /// What names where weights stand, for error lines.
  let option: String
  /// Steps that may still be taken: what holds itself many times over has no end.
  private var steps = 500_000

  private static let deepest = 64
  private static let mostTensors = 200_000

  /// - Parameters:
  ///   - isScript: whether modules are written as TorchScript does it, all attributes side by side.
  ///   - path: for error lines.
  ///   - option: what names where weights stand, for error lines.
  init(isScript: Bool, path: String, option: String = "--key") {
    self.isScript = isScript
    self.path = path
    self.option = option
  }

  /// The named parts of a dictionary or a module; nil for anything else.
  func children(_ value: PickleValue) -> [(name: String, value: PickleValue)]? {
    switch value {
    case .container(let container) where container.kind == .dictionary: return Self.named(container.elements)
    case .record(let record): return module(record)
    default: return nil
    }
  }

  /// A key that is set twice has its last value, at its first place, as in Python; the number 1 and the text 1 are two.
  private static func named(_ elements: [PickleValue]) -> [(name: String, value: PickleValue)] {
    struct Key: Hashable {
      let name: String
      let isNumber: Bool
    }
    var list: [(name: String, value: PickleValue)] = []
    var places: [Key: Int] = [:]
    for place in stride(from: 0, to: elements.count - 1, by: 2) {
      guard let name = name(elements[place]) else { continue }
      let key = Key(name: name, isNumber: elements[place].word == nil)
      if let known = places[key] {
        list[known].value = elements[place + 1]
      } else {
        places[key] = list.count
        list.append((name, elements[place + 1]))
      }
    }
    return list
  }

  /// What a key of a dictionary is called; nil for one that is neither a text nor a whole number.
  private static func name(_ key: PickleValue) -> String? {
    if let word = key.word { return word }
    if case .integer(let number) = key { return String(number) }
    return nil
  }

  /// Whether a dictionary has tensors under keys that are no names, such as `None`.
  static func hasNamelessTensors(_ container: PickleContainer) -> Bool {
    container.kind == .dictionary
      && stride(from: 0, to: container.elements.count - 1, by: 2).contains {
        guard case .tensor = container.elements[$0 + 1] else { return false }
        return name(container.elements[$0]) == nil
      }
  }

  /// Parameters, lasting buffers and parts of a module, in the order of `state_dict()`; nil for other objects.
  func module(_ record: PickleRecord) -> [(name: String, value: PickleValue)]? {
    var state = record.state
    // With slots beside the attributes.
    if case .tuple(let tuple)? = state, tuple.elements.count == 2 { state = tuple.elements[0] }
    guard let state, case .container(let attributes) = state, attributes.kind == .dictionary else { return nil }
    if isScript, record.name.module.hasPrefix("__torch__") { return Self.named(attributes.elements) }
    guard state["_parameters"] != nil || state["_modules"] != nil else { return nil }
    var passing: Set<String> = []
    if case .container(let set)? = state["_non_persistent_buffers_set"] {
      passing = Set(set.elements.compactMap(\.word))
    }
    var parts: [(name: String, value: PickleValue)] = []
    for group in ["_parameters", "_buffers", "_modules"] {
      guard let members = state[group].flatMap(children) else { continue }
      for member in members where group != "_buffers" || !passing.contains(member.name) {
        if case .none = member.value { continue }
        parts.append(member)
      }
    }
    return parts
  }

  /// All tensors that names lead to.
  ///
  /// - Parameters:
  ///   - value: a map.
  ///   - name: what the names begin with.
  ///   - isLeftOut: names at the top that are not followed.
  /// - Returns: the tensors, and what else is there.
  /// - Throws: ``InputError`` for a map that holds itself, or that has no end.
  mutating func leaves(
    _ value: PickleValue, named name: String = "", leavingOut isLeftOut: (String) -> Bool = { _ in false }
  ) throws -> Leaves {
    var leaves = Leaves()
    try collect(value, name, depth: 0, leavingOut: isLeftOut, into: &leaves)
    return leaves
  }

  private mutating func collect(
    _ value: PickleValue, _ name: String, depth: Int, leavingOut isLeftOut: (String) -> Bool, into leaves: inout Leaves
  ) throws {
    steps -= 1
    guard steps > 0 else { throw refusal("its maps hold more than can be read, or hold each other many times") }
    if case .tensor(let tensor) = value {
      guard leaves.tensors.count < Self.mostTensors else {
        throw refusal("it has more than \(Self.mostTensors) tensors")
      }
      leaves.tensors.append((name, tensor))
      return
    }
    guard let children = children(value) else {
      leaves.rest.append((name, value))
      return
    }
    guard depth < Self.deepest else { throw refusal("its maps are nested more than \(Self.deepest) deep") }
    for child in children where depth > 0 || !isLeftOut(child.name) {
      try collect(
        child.value, name.isEmpty ? child.name : "\(name).\(child.name)", depth: depth + 1, leavingOut: isLeftOut,
        into: &leaves)
    }
  }

  private func refusal(_ problem: String) -> InputError {
    InputError(path, problem, remedy: "save the state dictionary alone: torch.save(model.state_dict(), FILE)")
  }
}
