import Support

/// Reverse-mode differentiation of a scalar, or of any tensor with a given upstream gradient.
///
/// - Parameters:
///   - output: what is differentiated.
///   - respectTo: trainable leaves, or tensors computed on the way.
///   - upstream: d(loss)/d(output), of the output's shape; ones for a scalar output where nil.
///   - keepsTape: whether the tape stays for another call. Otherwise values are let go as soon as they are used.
///   - recordsAgain: whether the gradients can be differentiated themselves (second derivatives); few operations opt
///     out (decompositions of matrices) and say so.
/// - Returns: one gradient per source, of its shape; zeros for a source that the output does not depend on.
public func gradients(
  of output: Tensor, with respectTo: [Tensor], upstream: Tensor? = nil, keepsTape: Bool = false,
  recordsAgain: Bool = false
) -> [Tensor] {
  precondition(
    upstream != nil || output.count == 1, "gradients: output \(output.shape) is no scalar and has no upstream gradient")
  if let upstream {
    precondition(upstream.shape == output.shape, "gradients: upstream \(upstream.shape) for output \(output.shape)")
  }
  let wanted = respectTo.map { source -> ObjectIdentifier? in source.node.map(ObjectIdentifier.init) }
  var found: [ObjectIdentifier: Tensor] = [:]
  if let root = output.node {
    let start = upstream ?? Tensor.ones(output.shape)
    found = recording(recordsAgain) {
      accumulate(
        from: root, start, wanted: Set(wanted.compactMap { $0 }), keepsTape: keepsTape || recordsAgain,
        recordsAgain: recordsAgain)
    }
  }
  return zip(respectTo, wanted).map { source, identifier in
    identifier.flatMap { found[$0] } ?? .zeros(source.shape)
  }
}

/// Whether an output depends on each of some sources, as far as the tape knows; ``gradients(of:with:)`` gives zeros
/// where it does not.
///
/// - Parameters:
///   - output: on the tape, which is not used up.
///   - sources: leaves, or tensors computed on the way.
/// - Returns: one answer per source.
public func dependencies(of output: Tensor, on sources: [Tensor]) -> [Bool] {
  guard let root = output.node else { return sources.map { _ in false } }
  let reached = Set(entries(below: root).map(ObjectIdentifier.init))
  return sources.map { source in source.node.map { reached.contains(ObjectIdentifier($0)) } ?? false }
}

private func accumulate(
  from root: Node, _ start: Tensor, wanted: Set<ObjectIdentifier>, keepsTape: Bool, recordsAgain: Bool
) -> [ObjectIdentifier: Tensor] {
  var pending: [ObjectIdentifier: Tensor] = [ObjectIdentifier(root): start]
  var results: [ObjectIdentifier: Tensor] = [:]
  let entries = entries(below: root)
  let state = ThreadState.current
  let before = state.useful
  state.useful = useful(entries, for: wanted)
  defer { state.useful = before }
  for node in entries {
    let identifier = ObjectIdentifier(node)
    guard let gradient = pending.removeValue(forKey: identifier) else { continue }
    if wanted.contains(identifier) { results[identifier] = gradient }
    guard let rule = node.rule else {
      precondition(node.isLeaf, "gradients: the tape of '\(node.operation)' was used before; pass keepsTape")
      continue
    }
    precondition(
      !recordsAgain || node.isRecordable, "gradients: '\(node.operation)' has no second derivative (its rule is fused)")
    let contributions = rule(gradient)
    for (parent, contribution) in zip(node.parents, contributions) {
      guard let parent, let contribution, Node.isWanted(parent) else { continue }
      let key = ObjectIdentifier(parent)
      if let earlier = pending.removeValue(forKey: key) {
        pending[key] = sum(consume earlier, contribution, recordsAgain: recordsAgain)
      } else {
        pending[key] = contribution
      }
    }
    if !keepsTape { node.release() }
  }
  return results
}

/// The entries on a way to a wanted one; the others' gradients would be thrown away. `entries` come latest first.
private func useful(_ entries: [Node], for wanted: Set<ObjectIdentifier>) -> Set<ObjectIdentifier> {
  var result = wanted
  for node in entries.reversed() {
    let isUseful = node.parents.contains { $0.map { result.contains(ObjectIdentifier($0)) } ?? false }
    if isUseful { result.insert(ObjectIdentifier(node)) }
  }
  return result
}

/// All entries that the root depends on, latest first. They are held until the walk is over, so identifiers stay unique.
private func entries(below root: Node) -> [Node] {
  var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
  var list = [root]
  var next = 0
  while next < list.count {
    for case let parent? in list[next].parents where seen.insert(ObjectIdentifier(parent)).inserted {
      list.append(parent)
    }
    next += 1
  }
  return list.sorted { $0.order > $1.order }
}

/// Adds in place where nobody else holds the first gradient.
private func sum(_ earlier: consuming Tensor, _ contribution: Tensor, recordsAgain: Bool) -> Tensor {
  var earlier = earlier
  guard !recordsAgain, isKnownUniquelyReferenced(&earlier), isKnownUniquelyReferenced(&earlier.contents),
    earlier.contents.isUnique()
  else {
    return earlier + contribution
  }
  addInPlace(earlier, contribution)
  return earlier
}
