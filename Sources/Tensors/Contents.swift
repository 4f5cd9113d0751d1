import Support
import Synchronization

/// A feature map in channel blocks of 16 for a batch that a Winograd kernel was made for.
///
/// The images beyond the real ones hold anything: only what works image by image may read blocks.
struct ChannelBlocks {
  let batch: Int
  let storage: Storage
}

/// The values of one tensor, shared by all that see them in the same shape: as they are by definition, in channel
/// blocks, or both.
///
/// Between two Winograd convolutions of a frozen network the values stay in blocks, and the plain form, which costs a
/// pass over memory, is only made if somebody asks.
final class Contents: Sendable {
  private struct Forms {
    var plain: Storage?
    var blocks: ChannelBlocks?
  }

  private let shape: Shape
  // Reading can make the plain form, and any number of threads may read.
  private let forms: Mutex<Forms>

  init(_ shape: Shape, _ plain: Storage) {
    self.shape = shape
    forms = Mutex(Forms(plain: plain))
  }

  init(_ shape: Shape, _ blocks: ChannelBlocks) {
    self.shape = shape
    forms = Mutex(Forms(blocks: blocks))
  }

  /// The values in channel blocks; nil where they are not there so.
  var blocks: ChannelBlocks? { forms.withLock { $0.blocks } }

  /// The values in row-major order.
  var storage: Storage {
    forms.withLock { forms in
      if let plain = forms.plain { return plain }
      guard let blocks = forms.blocks else { preconditionFailure("contents of \(shape) have no form") }
      let storage = Storage(count: shape.count)
      Reorder.between(.blockedFeatureMap(of: shape), .featureMap(of: shape)).execute([blocks.storage.raw, storage.raw])
      forms.plain = storage
      return storage
    }
  }

  /// Whether the only form is blocks.
  var isBlocksOnly: Bool { forms.withLock { $0.plain == nil } }

  /// Whether nobody else holds the memory.
  func isUnique() -> Bool {
    forms.withLock { forms in
      let batch = forms.blocks?.batch ?? 0
      // Taken out for the question, because a second reference would be counted.
      var blockStorage = forms.blocks?.storage
      forms.blocks = nil
      defer { forms.blocks = blockStorage.map { ChannelBlocks(batch: batch, storage: $0) } }
      let plainIsUnique = forms.plain == nil || isKnownUniquelyReferenced(&forms.plain)
      return plainIsUnique && (blockStorage == nil || isKnownUniquelyReferenced(&blockStorage))
    }
  }

  /// After a change in place only the plain form is right.
  func dropBlocks() {
    _ = storage
    forms.withLock { $0.blocks = nil }
  }
}

extension Tensor {
  /// A feature map that is there in blocks only.
  convenience init(_ shape: Shape, blocks: ChannelBlocks) { self.init(shape: shape, contents: Contents(shape, blocks)) }

  /// Whether the values lie in channel blocks alone; nobody has asked for them in their plain order yet.
  package var isInChannelBlocks: Bool { contents.isBlocksOnly }

  /// The blocks of a batch: those that are there, or new ones.
  func blocks(batch: Int) -> ChannelBlocks {
    if let blocks = contents.blocks, blocks.batch == batch { return blocks }
    let blocks = ChannelBlocks(batch: batch, storage: Storage(count: batch * (shape.count / max(1, shape[0]))))
    Reorder.between(.featureMap(of: shape), .blockedFeatureMap(of: shape)).execute([raw, blocks.storage.raw])
    return blocks
  }
}

/// The gradient through a ReLU, from its output, in the form that the output has.
func reluGradient(_ gradient: Tensor, output: Tensor) -> Tensor {
  // The mask is a constant: a ReLU is a straight line on either side.
  if isRecording {
    let output = output.detached()
    return zipVectors(gradient, output, ReluMask())
      .recorded("reluGradient", [gradient], isRecordable: true) { [reluGradient($0, output: output)] }
  }
  guard output.contents.isBlocksOnly, let blocks = output.contents.blocks else {
    return zipVectors(gradient, output, ReluMask())
  }
  let incoming = gradient.blocks(batch: blocks.batch)
  let result = Storage(count: incoming.storage.count)
  withExtendedLifetime(incoming) {
    zipVectors(incoming.storage.raw, blocks.storage.raw, into: result.raw, count: gradient.count, ReluMask())
  }
  return Tensor(gradient.shape, blocks: ChannelBlocks(batch: blocks.batch, storage: result))
}
