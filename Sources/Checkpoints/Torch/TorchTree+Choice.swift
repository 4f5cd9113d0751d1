import Support

extension TorchTree {
  /// The weights among what a file holds.
  struct Choice {
    /// Where they stand; nil for the whole file.
    let key: String?
    /// Where further ones stand.
    let others: [String]
    /// Names and tensors.
    let tensors: [(name: String, tensor: TorchTensor)]
  }

  /// Names under which programs save their weights, the likeliest first.
  private static let usual = [
    "state_dict", "model_state_dict", "model", "net", "network", "params", "weights", "module", "ema",
  ]

  private static func isOptimizer(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("optim") || name.hasPrefix("scheduler") || name.hasPrefix("lr_scheduler")
  }

  /// A map at the top.
  private struct Candidate {
    let name: String
    let value: PickleValue
    let leaves: Leaves
    /// Whether there is nothing but tensors in it.
    let isPure: Bool

    /// Whether there is more than single numbers, such as a learning rate.
    var hasArrays: Bool { leaves.tensors.contains { !$0.tensor.shape.isEmpty } }
  }

  /// Finds the weights.
  ///
  /// - Parameters:
  ///   - root: what was saved.
  ///   - key: where they stand; nil to look for them.
  /// - Returns: names and tensors.
  /// - Throws: ``InputError`` where there are none or several, or a tensor of theirs depends on code.
  mutating func choice(_ root: PickleValue, key: String?) throws -> Choice {
    let found = try key.map { try named($0, root) } ?? unnamed(root, "", depth: 0)
    try checkRest(found.leaves.rest)
    return Choice(key: found.key, others: found.others, tensors: found.leaves.tensors)
  }

  private mutating func named(_ key: String, _ root: PickleValue) throws -> (
    key: String?, others: [String], leaves: Leaves
  ) {
    let all = try candidates(root).map(\.name)
    var (value, rest) = (root, key[...])
    while !rest.isEmpty {
      let next = children(value)?.first { rest == $0.name || rest.hasPrefix($0.name + ".") }
      guard let next, !Self.isOptimizer(next.name) || rest != key[...] else {
        throw noWeights(key, "no weights", all)
      }
      value = next.value
      rest = rest.dropFirst(next.name.count).drop { $0 == "." }
    }
    let leaves = try leaves(value)
    guard !leaves.tensors.isEmpty, children(value) != nil else {
      throw noWeights(key, "no map of tensors", all)
    }
    return (key, all.filter { $0 != key }, leaves)
  }

  private func noWeights(_ key: String, _ what: String, _ all: [String]) -> InputError {
    InputError(
      "--key \(key)", "\(path) has \(what) there",
      remedy: all.isEmpty ? "it holds no maps of tensors: leave the option out" : nearest(key, in: all))
  }

  private mutating func candidates(_ value: PickleValue) throws -> [Candidate] {
    var list: [Candidate] = []
    for child in children(value) ?? [] where !Self.isOptimizer(child.name) && children(child.value) != nil {
      let leaves = try leaves(child.value)
      guard !leaves.tensors.isEmpty else { continue }
      let isPure = leaves.rest.allSatisfy { name, value in
        switch value {
        case .none: true
        case .container(let container): container.elements.isEmpty
        default: name.hasSuffix("_extra_state")
        }
      }
      list.append(Candidate(name: child.name, value: child.value, leaves: leaves, isPure: isPure))
    }
    return list
  }

  private mutating func unnamed(_ value: PickleValue, _ prefix: String, depth: Int) throws -> (
    key: String?, others: [String], leaves: Leaves
  ) {
    guard let parts = children(value) else {
      throw InputError(path, "holds \(value.kind), not a map of tensors", remedy: "save a model's state_dict()")
    }
    func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }
    func chosen(_ one: Candidate, of all: [Candidate]) -> (key: String?, others: [String], leaves: Leaves) {
      (
        key(one.name),
        all.filter { $0.name != one.name && ($0.isPure || Self.usual.contains($0.name)) }.map { key($0.name) },
        one.leaves
      )
    }
    let whole = try leaves(value, leavingOut: Self.isOptimizer)
    if case .record = value { return (prefix.isEmpty ? nil : prefix, [], try leaves(value)) }
    var maps = try candidates(value)
    let own = parts.compactMap { part in
      if case .tensor(let tensor) = part.value { (name: part.name, tensor: tensor) } else { nil }
    }
    let ownArrays = own.count { !$0.tensor.shape.isEmpty }
    // Beside arrays, a map of single numbers is no network.
    if ownArrays > 0 || maps.contains(where: \.hasArrays) { maps.removeAll { !$0.hasArrays } }
    for name in Self.usual { if let one = maps.first(where: { $0.name == name }) { return chosen(one, of: maps) } }
    let pure = maps.filter(\.isPure)
    // Tensors side by side with maps of tensors, and nothing else, are one network.
    let isOneMap = ownArrays > 0 && whole.rest.allSatisfy { if case .none = $0.value { true } else { false } }
    let itself = (key: prefix.isEmpty ? nil : prefix, others: [String](), leaves: whole)
    if isOneMap { return itself }
    // A network's tensors at the top, with fewer of something else in maps: weights of classes, averages.
    if !maps.isEmpty, maps.allSatisfy({ $0.leaves.tensors.count < ownArrays }) {
      return (itself.key, maps.map { key($0.name) }, Leaves(tensors: own))
    }
    switch pure.count {
    case 1: return chosen(pure[0], of: maps)
    case 2...: throw several(pure.map { key($0.name) })
    default: break
    }
    if ownArrays > 0 { return itself }
    if maps.count == 1, depth < 8 { return try unnamed(maps[0].value, key(maps[0].name), depth: depth + 1) }
    if maps.count > 1 { throw several(maps.map { key($0.name) }) }
    if !own.isEmpty { return itself }
    try checkRest(whole.rest)
    let arrays = whole.rest.filter { if case .record(let record) = $0.value { Self.isNumPy(record) } else { false } }
    if let first = arrays.first {
      throw InputError(
        "\(path): \(inQuotes(first.name))", "is an array of NumPy, and there are no tensors",
        remedy: "save tensors, torch.from_numpy(array), or write the arrays by numpy.savez")
    }
    let names = parts.prefix(8).map { inQuotes($0.name) }.joined(separator: ", ")
    throw InputError(
      path, "holds no weights" + (names.isEmpty ? "" : ", but \(names)\(parts.count > 8 ? ", …" : "")"),
      remedy: "a map from names to tensors is expected, such as a model's state_dict()")
  }

  private func several(_ names: [String]) -> InputError {
    InputError(
      path, "holds \(names.count) maps of tensors: \(names.prefix(8).map(inQuotes).joined(separator: ", "))",
      remedy: "say by --key which one is meant")
  }

  /// A tensor that is made by code is not there, and a network without it would be another.
  private func checkRest(_ rest: [(name: String, value: PickleValue)]) throws {
    for (name, value) in rest {
      guard case .record(let record) = value else { continue }
      let isRebuilt = record.name.module.hasPrefix("torch._") && record.name.name.hasPrefix("_rebuild")
      guard isRebuilt || record.arguments.contains(where: Self.isTensor) else { continue }
      throw InputError(
        "\(path): \(inQuotes(name))", "is made by \(inQuotes(record.name.description)), which is not run",
        remedy: Self.remedy(record.name.name))
    }
  }

  private static func remedy(_ function: String) -> String {
    if function.contains("qtensor") { return "it is quantised: save tensor.dequantize()" }
    if function.contains("sparse") { return "it is sparse: save tensor.to_dense()" }
    return "save plain tensors: tensor.detach().clone()"
  }

  private static func isTensor(_ value: PickleValue) -> Bool {
    switch value {
    case .tensor, .storage: true
    case .tuple(let tuple):
      tuple.elements.contains {
        switch $0 {
        case .tensor, .storage: true
        default: false
        }
      }
    default: false
    }
  }

  /// Objects and tensors of the file that were not read, without the modules that gave the weights, without other
  /// weights that may be chosen, and without what an optimizer keeps.
  func skipped(_ root: PickleValue, except choice: Choice) -> [WeightArchive.Skipped] {
    var list: [WeightArchive.Skipped] = []
    var seen: Set<ObjectIdentifier> = []
    var work: [(path: String, value: PickleValue)] = [("", root)]
    let taken = Set(choice.tensors.map { tensor in choice.key.map { "\($0).\(tensor.name)" } ?? tensor.name })
    while let (path, value) = work.popLast(), list.count < 1000 {
      func later(_ parts: [(name: String, value: PickleValue)]) {
        work += parts.reversed().map { (path.isEmpty ? $0.name : "\(path).\($0.name)", $0.value) }
      }
      func isOptimizer() -> Bool { path.split(separator: ".").contains { Self.isOptimizer(String($0)) } }
      func isBelow(_ key: String) -> Bool { path == key || path.hasPrefix(key + ".") }
      func skip(_ what: String) {
        list.append(WeightArchive.Skipped(path: path.isEmpty ? "the file" : path, what: what))
      }
      switch value {
      // Single numbers are what a training measured.
      case .tensor(let tensor)
      where !tensor.shape.isEmpty && !taken.contains(path) && !choice.others.contains(where: isBelow) && !isOptimizer():
        skip("a tensor")
      case .container(let container):
        guard seen.insert(ObjectIdentifier(container)).inserted else { continue }
        if Self.hasNamelessTensors(container), !isOptimizer() { skip("tensors under keys that are no names") }
        if container.kind == .list, container.elements.contains(where: Self.isTensor), !isOptimizer() {
          skip("a list of tensors")
        }
        if let parts = children(value) {
          later(parts)
        } else {
          later(
            container.elements.enumerated().filter { Self.hasParts($0.element) }.map { ("\($0.offset)", $0.element) })
        }
      case .tuple(let tuple):
        guard seen.insert(ObjectIdentifier(tuple)).inserted else { continue }
        if tuple.elements.contains(where: Self.isTensor), !isOptimizer() { skip("a tuple of tensors") }
        later(tuple.elements.enumerated().filter { Self.hasParts($0.element) }.map { ("\($0.offset)", $0.element) })
      case .record(let record):
        guard seen.insert(ObjectIdentifier(record)).inserted else { continue }
        let isWeights = choice.key.map(isBelow) ?? true
        if isWeights, module(record) != nil { continue }
        skip(Self.what(record))
      default: break
      }
    }
    return list
  }

  private static func hasParts(_ value: PickleValue) -> Bool {
    switch value {
    case .container, .tuple, .record: true
    default: false
    }
  }

  private static func isNumPy(_ record: PickleRecord) -> Bool {
    record.name.name == "_reconstruct" && record.name.module.hasPrefix("numpy")
  }

  private static func what(_ record: PickleRecord) -> String {
    switch record.name.name {
    case "scalar" where record.name.module.hasPrefix("numpy"): return "a NumPy number"
    case "_reconstruct" where isNumPy(record): return "a NumPy array"
    case "_reconstructor":
      if case .name(let name)? = record.arguments.first { return name.description }
      return record.name.description
    default: return record.name.description
    }
  }
}
