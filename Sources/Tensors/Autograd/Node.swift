import Glibc
import Synchronization

/// One entry of the tape: how the gradient of a result becomes gradients of its operands.
///
/// An entry knows its operands' entries, not their tensors: a value lives on only where a backward rule needs it.
final class Node {
  typealias Rule = (Tensor) -> [Tensor?]

  // One count for all threads: a network may be built on one and trained on another.
  private static let latest = Atomic<UInt64>(0)

  let operation: String
  /// Later than that of every entry that this one was made from.
  let order: UInt64
  private(set) var parents: [Node?]
  private(set) var rule: Rule?
  /// Whether the rule is written in recorded operations, so that it can be differentiated once more.
  let isRecordable: Bool
  let isLeaf: Bool

  private init(operation: String, parents: [Node?], isRecordable: Bool, isLeaf: Bool, rule: Rule?) {
    self.operation = operation
    self.parents = parents
    self.isRecordable = isRecordable
    self.isLeaf = isLeaf
    self.rule = rule
    order = Node.latest.add(1, ordering: .relaxed).newValue
  }

  static func leaf() -> Node { Node(operation: "leaf", parents: [], isRecordable: true, isLeaf: true, rule: nil) }

  static func entry(_ operation: String, parents: [Node?], isRecordable: Bool, rule: @escaping Rule) -> Node {
    Node(operation: operation, parents: parents, isRecordable: isRecordable, isLeaf: false, rule: rule)
  }

  /// Whether the gradients that are being taken need this entry's. For backward rules that do not hold the operand.
  static func isWanted(_ node: Node?) -> Bool {
    guard let node else { return false }
    return ThreadState.current.useful.map { $0.contains(ObjectIdentifier(node)) } ?? true
  }

  /// Lets go of the values that the rule holds; the entry cannot be used again.
  func release() {
    rule = nil
    parents = []
  }

  deinit {
    // A long chain would be freed by deep recursion: take it apart in a loop.
    var pending = parents.compactMap { $0 }
    parents = []
    rule = nil
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) {
        pending.append(contentsOf: node.parents.compactMap { $0 })
        node.release()
      }
    }
  }
}

/// What is per thread in the engine: whether operations are recorded, and while gradients are taken, which entries lead
/// to what is asked for.
final class ThreadState {
  var isRecording = true
  var useful: Set<ObjectIdentifier>?

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { raw in
      if let raw { Unmanaged<ThreadState>.fromOpaque(raw).release() }
    }
    return key
  }()

  static var current: ThreadState {
    if let raw = pthread_getspecific(key) { return Unmanaged<ThreadState>.fromOpaque(raw).takeUnretainedValue() }
    let state = ThreadState()
    pthread_setspecific(key, Unmanaged.passRetained(state).toOpaque())
    return state
  }
}

/// Computes without a tape: nothing inside can be differentiated, no value is kept.
public func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
  try recording(false, body)
}

/// Whether operations on this thread are put on the tape now.
public var isRecording: Bool { ThreadState.current.isRecording }

func recording<R>(_ on: Bool, _ body: () throws -> R) rethrows -> R {
  let state = ThreadState.current
  let before = state.isRecording
  state.isRecording = on
  defer { state.isRecording = before }
  return try body()
}

extension Tensor {
  /// Whether the gradients that are being taken need this operand's. For backward rules.
  var isWanted: Bool { Node.isWanted(node) }

  /// Puts the operation that made this tensor on the tape, if it can matter.
  ///
  /// - Parameters:
  ///   - operation: name for error lines.
  ///   - operands: in the order of the rule's results.
  ///   - isRecordable: whether `rule` uses only recorded operations on the operands themselves, at least where
  ///     ``isRecording`` is true: it is inside of a rule only if the gradients are to be differentiated again, so a rule
  ///     may choose between a fused form and a recorded one.
  ///   - rule: from the gradient of this tensor to those of the operands; nil for one that needs none.
  /// - Returns: this tensor.
  func recorded(
    _ operation: String, _ operands: [Tensor], isRecordable: Bool = false, rule: @escaping Node.Rule
  ) -> Tensor {
    guard ThreadState.current.isRecording, operands.contains(where: { $0.node != nil }) else { return self }
    node = .entry(operation, parents: operands.map(\.node), isRecordable: isRecordable, rule: rule)
    return self
  }
}
