import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// What a checkpoint says about itself besides the weights.
public struct CheckpointFacts: Sendable, Equatable {
  /// What the network is; enough to build it again.
  public var model: ModelSpecification
  /// `teacher`, `baseline`, or the student's name.
  public var role: String
  /// Epochs trained; 0 is the initialisation.
  public var epoch: Moment
  /// Name of the data set.
  public var data: String
  /// Mean of each colour of the images in [0, 1].
  public var mean: [Float]
  /// Standard deviation of each colour.
  public var deviation: [Float]
  /// Names of the classes.
  public var classes: [String]
  /// SHA-256 of the canonical recipe; empty where there was none.
  public var recipeHash: String
  /// Accuracy on the development split, in [0, 1]; nil where it was not measured.
  public var developmentAccuracy: Double?

  /// - Parameters: as the properties.
  public init(
    model: ModelSpecification, role: String, epoch: Moment, data: String, mean: [Float], deviation: [Float],
    classes: [String], recipeHash: String, developmentAccuracy: Double? = nil
  ) {
    self.model = model
    self.role = role
    self.epoch = epoch
    self.data = data
    self.mean = mean
    self.deviation = deviation
    self.classes = classes
    self.recipeHash = recipeHash
    self.developmentAccuracy = developmentAccuracy
  }
}

/// A network on disk. KDScope writes safetensors with torchvision's names and PyTorch's axis order, and reads whatever
/// ``WeightArchive`` does.
public struct Checkpoint {
  /// The network, with the file's weights, in the state in which it was stored.
  public let network: any Network
  /// What the file says about itself, or ``CheckpointChoices`` in its place; nil for a foreign file without such.
  public let facts: CheckpointFacts?
  /// How the network was found in a foreign file; nil for a file that says what it holds.
  public let origin: CheckpointOrigin?

  init(network: any Network, facts: CheckpointFacts?, origin: CheckpointOrigin? = nil) {
    self.network = network
    self.facts = facts
    self.origin = origin
  }

  /// Writes a network.
  ///
  /// - Throws: as ``AtomicFile``; the old file, if any, is then untouched.
  public static func write(_ network: any Network, _ facts: CheckpointFacts, to url: URL) throws {
    let tensors = network.namedParameters.map { name, parameter in
      StoredTensor(name: name, shape: parameter.tensor.shape.dimensions, floats: parameter.tensor.floats)
    }
    try Safetensors(metadata: facts.metadata, tensors: tensors).write(to: url, isSealed: true)
  }

  /// Reads a network.
  ///
  /// - Parameters:
  ///   - url: a file of weights.
  ///   - model: name of the network where the file does not say it; nil to recognise it by its tensors.
  ///   - key: where in a file of PyTorch the weights stand; nil to look for them.
  ///   - option: what names the key, for error lines.
  ///   - imageSize: what a foreign network is for; found out from its shapes where nil.
  /// - Returns: the network and what the file says of it.
  /// - Throws: ``InputError`` if the file is no checkpoint, or its tensors are not those of the network.
  public static func read(
    _ url: URL, model: String? = nil, key: String? = nil, option: String = "--key",
    imageSize: (height: Int, width: Int)? = nil
  ) throws -> Checkpoint {
    let choices = CheckpointChoices.current
    let archive = try WeightArchive.read(url, key: key ?? choices.key, option: option)
    guard let facts = try archive.facts() else {
      archive.tellChoices()
      let read = try foreign(archive, model, imageSize)
      return Checkpoint(
        network: read.network, facts: try choices.facts(nil, of: read.network), origin: read.origin)
    }
    let network = try ModelCatalog.blank(facts.model, at: url.path)
    try load(archive.tensors, into: network, isNew: true, path: url.path)
    return Checkpoint(network: network, facts: try choices.facts(facts, of: network))
  }

  /// Puts a file's tensors into a network that exists: the way back for networks that no catalogue has.
  ///
  /// - Parameters:
  ///   - url: a file of weights.
  ///   - network: keeps its values where the file is refused.
  ///   - key: where in a file of PyTorch the weights stand; nil to look for them.
  /// - Returns: what the file says of itself; nil for a foreign file.
  /// - Throws: ``InputError`` that names the first missing, extra or misshapen tensor.
  @discardableResult
  public static func read(_ url: URL, into network: any Network, key: String? = nil) throws -> CheckpointFacts? {
    let archive = try WeightArchive.read(url, key: key)
    try load(archive.tensors(without: archive.prefix), into: network, isNew: false, path: url.path)
    return try archive.facts()
  }

  /// Puts a file's tensors into a network that exists.
  ///
  /// - Throws: ``InputError`` that names the first missing, extra or misshapen tensor.
  public static func load(_ file: Safetensors, into network: any Network, path: String) throws {
    try load(file.tensors.map { ArchivedTensor($0) }, into: network, isNew: false, path: path)
  }

  private static func load(
    _ tensors: [ArchivedTensor], into network: any Network, isNew: Bool, path: String
  ) throws {
    let map = NameMap(tensors, network)
    try map.requireFit(path: path, among: tensors)
    try map.fill(network, isWhole: !isNew, path: path)
  }

  /// PyTorch counts batches beside running statistics, and networks beside their average; nothing here needs a count.
  static func isCounter(_ name: String) -> Bool {
    name.hasSuffix("num_batches_tracked") || WeightArchive.isCountOfAverages(name)
  }

  /// Real, finite numbers of a tensor: with others every answer of the network would be NaN, without a word.
  static func values(of stored: StoredTensor, path: String) throws -> [Float] {
    let values: [Float]
    switch stored.type {
    case .f32, .f64, .f16, .bf16: values = try stored.floats()
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .bool: values = try stored.integers().map { Float($0) }
    default:
      throw InputError(
        path, "tensor '\(stored.name)' has type \(stored.type.rawValue)",
        remedy: "F32, F64, F16, BF16 or integers are needed")
    }
    guard values.allSatisfy(\.isFinite) else {
      if stored.type == .f64, try stored.doubles().allSatisfy(\.isFinite) {
        throw InputError(
          path, "tensor '\(stored.name)' holds values beyond 3.4e38",
          remedy: "networks compute in F32: scale them down before saving")
      }
      throw InputError(
        path, "tensor '\(stored.name)' holds values that are not finite numbers",
        remedy: "take a checkpoint from before the training broke")
    }
    guard !stored.name.hasSuffix("running_var") || values.allSatisfy({ $0 >= 0 }) else {
      throw InputError(
        path, "tensor '\(stored.name)' holds a negative variance",
        remedy: "take a checkpoint from before the training broke")
    }
    return values
  }

  /// Classes, colours, height and width that a network may have; keeps hostile files from claiming the whole memory.
  static let possibleExtents = 1...16_384
}
