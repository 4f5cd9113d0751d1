import Support

extension TorchTree {
  /// Objects and tensors of the file that were not read, without the modules that gave the weights, without other
  /// weights that may be chosen, and without what an optimizer keeps.
  func skipped(_ root: PickleValue, except choice: Choice) -> [WeightArchive.Skipped] {
    var list: [WeightArchive.Skipped] = []
    var seen: Set<ObjectIdentifier> = []
    var work: [(path: String, value: PickleValue)] = [("", root)]
    let taken = Set(choice.tensors.map { tensor in choice.key.map { "\($0).\(tensor.name)" } ?? tensor.name })
    let top = choice.others.contains(Self.top) ? Set(ownTensors(root).map(\.name)) : []
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
      case .tensor(let tensor)
      where !taken.contains(path) && !choice.others.contains(where: isBelow) && !isOptimizer()
        && !top.contains(path) && !Checkpoint.isCounter(path):
        skip(tensor.shape.isEmpty ? "a tensor of one number" : "a tensor")
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

  static func isNumPy(_ record: PickleRecord) -> Bool {
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
