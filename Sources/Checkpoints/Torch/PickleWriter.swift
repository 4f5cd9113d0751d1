import Support

/// Writes a state dictionary as `torch.save` pickles it: protocol 2, tensors as views of storages beside the pickle.
struct PickleWriter {
  private(set) var bytes: [UInt8] = [0x80, 2]

  /// A dictionary of tensors in their order; tensor k lies in storage k.
  ///
  /// - Parameter tensors: names, shapes and types that PyTorch has.
  init(_ tensors: [(name: String, shape: [Int], type: StoredType)]) {
    emptyDictionary()
    bytes.append(0x28)
    for (index, tensor) in tensors.enumerated() {
      text(tensor.name)
      self.tensor(tensor.shape, tensor.type, storage: index)
    }
    // SETITEMS, STOP.
    bytes += [0x75, 0x2E]
  }

  private mutating func tensor(_ shape: [Int], _ type: StoredType, storage: Int) {
    let count = shape.contains(0) ? 0 : shape.reduce(1, *)
    let (name, storageClass) = TorchType.written(type) ?? ("float32", "FloatStorage")
    global("torch._utils", storageClass == nil ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2")
    bytes += [0x28, 0x28]
    text("storage")
    if let storageClass { global("torch", storageClass) } else { global("torch.storage", "UntypedStorage") }
    text(String(storage))
    text("cpu")
    integer(storageClass == nil ? count * type.bits / 8 : count)
    // TUPLE, BINPERSID.
    bytes += [0x74, 0x51]
    integer(0)
    tuple(shape)
    var (strides, step) = ([Int](), 1)
    for extent in shape.reversed() {
      strides.insert(step, at: 0)
      step *= max(1, extent)
    }
    tuple(strides)
    // No gradient, no hooks.
    bytes.append(0x89)
    emptyDictionary()
    if storageClass == nil { global("torch", name) }
    // TUPLE, REDUCE.
    bytes += [0x74, 0x52]
  }

  private mutating func global(_ module: String, _ name: String) { bytes += Array("c\(module)\n\(name)\n".utf8) }

  private mutating func emptyDictionary() {
    global("collections", "OrderedDict")
    bytes += [0x29, 0x52]
  }

  private mutating func text(_ text: String) {
    bytes.append(0x58)
    bytes += UInt32(text.utf8.count).littleEndianBytes + Array(text.utf8)
  }

  private mutating func tuple(_ numbers: [Int]) {
    bytes.append(0x28)
    for number in numbers { integer(number) }
    bytes.append(0x74)
  }

  private mutating func integer(_ number: Int) {
    if let short = Int32(exactly: number) {
      bytes += [0x4A] + short.littleEndianBytes
    } else {
      // LONG1 of eight bytes.
      bytes += [0x8A, 8] + Int64(number).littleEndianBytes
    }
  }
}
