/// Two files of weights tensor by tensor.
///
/// Files give tensors row-major whatever their own layout is, so equal weights in two layouts are equal here. PyTorch's
/// counts of batches (`num_batches_tracked`) that only one of the files has are no difference: nothing needs them.
public struct CheckpointDifference: Sendable, Equatable {
  /// A prefix of one file's names.
  public struct Prefix: Sendable, Equatable {
    /// The prefix, ending in a dot.
    public let text: String
    /// Whether the first file has it.
    public let isOfFirst: Bool

    /// - Parameters:
    ///   - text: the prefix, ending in a dot.
    ///   - isOfFirst: whether the first file has it.
    public init(text: String, isOfFirst: Bool) {
      self.text = text
      self.isOfFirst = isOfFirst
    }
  }

  /// A tensor that both files have.
  public struct Pair: Sendable, Equatable {
    /// Its name in the first file.
    public let name: String
    /// Its name in the second file.
    public let otherName: String
    /// Its type in the first file.
    public let type: StoredType
    /// Its type in the second file.
    public let otherType: StoredType
    /// Its shape in the first file.
    public let shape: [Int]
    /// Its shape in the second file.
    public let otherShape: [Int]
    /// How far its values lie apart; nil where shapes differ, or a type has no numbers that can be compared.
    public let values: ValueDifference?
    /// Whether type, shape and bytes are the same.
    public let isIdentical: Bool

    /// Whether it is the same tensor but for its name; with a tolerance above 0 its type may differ too.
    public func isSame(tolerance: Double) -> Bool {
      isIdentical || (type == otherType || tolerance > 0) && values?.isWithin(tolerance) ?? false
    }
  }

  /// A tensor that one of the files has.
  public struct Lone: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its type.
    public let type: StoredType
    /// Its shape.
    public let shape: [Int]
  }

  /// The tensors that both files have, in the order of the first.
  public let pairs: [Pair]
  /// The prefix by which some of them were found; nil for none.
  public let prefix: Prefix?
  /// Tensors of the first file only.
  public let missing: [Lone]
  /// Tensors of the second file only.
  public let extra: [Lone]

  /// Compares two files.
  public init(_ a: Safetensors, _ b: Safetensors) {
    let pairing = TensorPairing(a, b)
    prefix = pairing.prefix
    pairs = pairing.pairs.map(Pair.init)
    func listed(_ tensors: [StoredTensor]) -> [Lone] {
      tensors.filter { !Checkpoint.isCounter($0.name) }.map { Lone(name: $0.name, type: $0.type, shape: $0.shape) }
    }
    missing = listed(pairing.missing)
    extra = listed(pairing.extra)
  }

  /// Pairs whose names differ.
  public var renamed: [Pair] { pairs.filter { $0.name != $0.otherName } }

  /// Pairs that differ in type, shape or values.
  public func different(tolerance: Double) -> [Pair] { pairs.filter { !$0.isSame(tolerance: tolerance) } }

  /// Whether both files have the same tensors under the same names.
  ///
  /// - Parameter tolerance: relative distance up to which values count as the same.
  /// - Returns: false for files that differ in names, types, shapes or values.
  public func isSame(tolerance: Double) -> Bool {
    missing.isEmpty && extra.isEmpty && renamed.isEmpty && different(tolerance: tolerance).isEmpty
  }

  /// ‖b − a‖ / ‖a‖ over all values that can be compared; nil without any.
  public var relativeDistance: Double? {
    let compared = pairs.compactMap(\.values)
    guard !compared.isEmpty else { return nil }
    let distance = compared.reduce(0) { $0 + $1.squaredDistance }
    return distance == 0 ? 0 : (distance / compared.reduce(0) { $0 + $1.squaredNorm }).squareRoot()
  }

  /// Cosine between all values that can be compared; nil where one side is zero.
  public var cosine: Double? {
    let compared = pairs.compactMap(\.values)
    let norm = compared.reduce(0) { $0 + $1.squaredNorm }.squareRoot()
    let otherNorm = compared.reduce(0) { $0 + $1.otherSquaredNorm }.squareRoot()
    guard norm > 0, otherNorm > 0 else { return nil }
    return compared.reduce(0) { $0 + $1.product } / (norm * otherNorm)
  }
}

extension CheckpointDifference.Pair {
  init(_ a: StoredTensor, _ b: StoredTensor) {
    name = a.name
    otherName = b.name
    type = a.type
    otherType = b.type
    shape = a.shape
    otherShape = b.shape
    isIdentical = a.type == b.type && a.shape == b.shape && a.bytes == b.bytes
    if a.shape == b.shape, let x = a.numbers, let y = b.numbers {
      values = ValueDifference(x, y)
    } else {
      values = nil
    }
  }
}

extension StoredTensor {
  /// The values as doubles where the type holds real numbers or integers.
  fileprivate var numbers: [Double]? { (try? doubles()) ?? (try? integers())?.map(Double.init) }
}
