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

  static func isOptimizer(_ name: String) -> Bool {
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

  private typealias Found = (key: String?, others: [String], leaves: Leaves)

  /// The key of the tensors at the top, where maps of tensors stand beside them.
  static let top = "."

  /// Finds the weights.
  ///
  /// - Parameters:
  ///   - root: what was saved.
  ///   - key: where they stand, or what their names begin with; `.` for those at the top; nil to look for them.
  /// - Returns: names and tensors.
  /// - Throws: ``InputError`` where there are none or several, or a tensor of theirs depends on code.
  mutating func choice(_ root: PickleValue, key: String?) throws -> Choice {
    let found = try key.map { try named($0, root) } ?? unnamed(root, "", depth: 0)
    try checkRest(found.leaves.rest)
    return Choice(key: found.key, others: found.others, tensors: found.leaves.tensors)
  }

  /// The named parts of a map, and those elements of a list or a tuple that are maps themselves, by their numbers.
  private func parts(_ value: PickleValue) -> [(name: String, value: PickleValue)]? {
    if let children = children(value) { return children }
    let elements: [PickleValue]
    switch value {
    case .container(let container) where container.kind == .list: elements = container.elements
    case .tuple(let tuple): elements = tuple.elements
    default: return nil
    }
    return elements.enumerated().filter { children($0.element) != nil }.map { (String($0.offset), $0.element) }
  }

  func ownTensors(_ value: PickleValue) -> [(name: String, tensor: TorchTensor)] {
    (children(value) ?? []).compactMap { part in
      if case .tensor(let tensor) = part.value { (name: part.name, tensor: tensor) } else { nil }
    }
  }

  private mutating func named(_ key: String, _ root: PickleValue) throws -> Found {
    let own = ownTensors(root)
    let top = own.contains { !$0.tensor.shape.isEmpty } ? [Self.top] : []
    let maps = try candidates(root)
    let all = maps.map(\.name)
    let others = all.filter { $0 != key && !key.hasPrefix($0 + ".") }
    // A map that has this very name, before a path that is spelt alike.
    if let map = maps.first(where: { $0.name == key }) {
      return (key, others + top, map.leaves)
    }
    if key == Self.top {
      guard !own.isEmpty else { throw noWeights(key, "no tensors at its top", all) }
      return (nil, others, Leaves(tensors: own))
    }
    var (value, rest) = (root, key[...])
    while !rest.isEmpty, let next = parts(value)?.first(where: { rest == $0.name || rest.hasPrefix($0.name + ".") }) {
      guard !Self.isOptimizer(next.name) || rest != key[...] else { throw noWeights(key, "no weights", all) }
      value = next.value
      rest = rest.dropFirst(next.name.count).drop { $0 == "." }
    }
    var leaves = try leaves(value)
    if !rest.isEmpty {
      // What names begin with, such as "student." of all that a training saved in one map.
      let beginning = rest + "."
      leaves.tensors = leaves.tensors.filter { $0.name.hasPrefix(beginning) && $0.name != beginning }.map {
        (String($0.name.dropFirst(beginning.count)), $0.tensor)
      }
      leaves.rest = []
    }
    guard !leaves.tensors.isEmpty, children(value) != nil else {
      throw noWeights(key, rest.isEmpty ? "no map of tensors" : "no weights", all)
    }
    // Names that begin so are among those at the top.
    return (key, rest.isEmpty ? others + top : others, leaves)
  }

  private func noWeights(_ key: String, _ what: String, _ all: [String]) -> InputError {
    InputError(
      "\(option) \(key)", "\(path) has \(what) there",
      remedy: all.isEmpty ? "it holds no maps of tensors: leave the option out" : nearest(key, in: all))
  }

  /// The maps of tensors at the top, and those in lists at the top.
  private mutating func candidates(_ value: PickleValue) throws -> [Candidate] {
    let tops = (parts(value) ?? []).filter { !Self.isOptimizer($0.name) }
    let maps = tops.flatMap { top in
      children(top.value) != nil
        ? [top] : (parts(top.value) ?? []).map { ("\(top.name).\($0.name)", $0.value) }
    }
    return try maps.compactMap { name, value in
      let leaves = try leaves(value)
      guard !leaves.tensors.isEmpty else { return nil }
      let isPure = leaves.rest.allSatisfy { name, value in
        switch value {
        case .none: true
        case .container(let container): container.elements.isEmpty
        default: name.hasSuffix("_extra_state")
        }
      }
      return Candidate(name: name, value: value, leaves: leaves, isPure: isPure)
    }
  }

  private mutating func unnamed(_ value: PickleValue, _ prefix: String, depth: Int) throws -> Found {
    guard let parts = parts(value), children(value) != nil || !parts.isEmpty else {
      throw InputError(path, "holds \(value.kind), not a map of tensors", remedy: "save a model's state_dict()")
    }
    func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }
    let whole = try leaves(value, leavingOut: Self.isOptimizer)
    if case .record = value { return (prefix.isEmpty ? nil : prefix, [], try leaves(value)) }
    var maps = try candidates(value)
    let own = ownTensors(value)
    let ownArrays = own.count { !$0.tensor.shape.isEmpty }
    // Beside arrays, a map of single numbers is no network.
    if ownArrays > 0 || maps.contains(where: \.hasArrays) { maps.removeAll { !$0.hasArrays } }
    let itself: Found = (prefix.isEmpty ? nil : prefix, [], whole)
    // A network at the top, and copies of it in maps: averages, earlier states.
    let ownNames = Set(own.map(\.name))
    let hasCopies = maps.contains { map in
      map.leaves.tensors.count { ownNames.contains($0.name) } * 2 > max(map.leaves.tensors.count, own.count)
    }
    // Or with fewer of something else in them: weights of classes.
    let isTop = !maps.isEmpty && maps.allSatisfy { $0.leaves.tensors.count < ownArrays }
    // Tensors side by side with maps of tensors, and nothing else, are one network.
    let isOneMap = ownArrays > 0 && whole.rest.allSatisfy { if case .none = $0.value { true } else { false } }
    func top() -> Found { (itself.key, maps.map { key($0.name) }, Leaves(tensors: own)) }
    if hasCopies { return top() }
    if let one = Self.usual(maps) {
      let others = maps.filter {
        $0.name != one.name
          && ($0.isPure || Self.usual.contains($0.name) || $0.leaves.tensors.count * 4 > one.leaves.tensors.count)
      }
      return (key(one.name), others.map { key($0.name) }, one.leaves)
    }
    if isOneMap { return itself }
    if isTop { return top() }
    let pure = maps.filter(\.isPure)
    if pure.count == 1 { return (key(pure[0].name), [], pure[0].leaves) }
    if pure.count > 1 { throw several(pure.map { key($0.name) }) }
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

  /// The map under the likeliest of the usual names; one with a few tensors beside a network's is none, such as the
  /// means of pixels.
  private static func usual(_ maps: [Candidate]) -> Candidate? {
    let most = maps.map(\.leaves.tensors.count).max() ?? 0
    return usual.lazy.compactMap { name in maps.first { $0.name == name && $0.leaves.tensors.count * 4 > most } }.first
  }

  private func several(_ names: [String]) -> InputError {
    InputError(
      path, "holds \(names.count) maps of tensors: \(names.prefix(8).map(inQuotes).joined(separator: ", "))",
      remedy: "say by \(option) which one is meant")
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

  static func isTensor(_ value: PickleValue) -> Bool {
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
}
