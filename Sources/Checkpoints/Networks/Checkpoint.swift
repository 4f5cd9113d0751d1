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
  public var epoch: Int
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
    model: ModelSpecification, role: String, epoch: Int, data: String, mean: [Float], deviation: [Float],
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

/// A network on disk: safetensors with torchvision's names and PyTorch's axis order.
public struct Checkpoint {
  /// The network, with the file's weights, in the state in which it was stored.
  public let network: any Network
  /// What the file says about itself; nil for a foreign file.
  public let facts: CheckpointFacts?

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
  ///   - url: a safetensors file.
  ///   - model: name of the network, needed where the file does not say it.
  ///   - imageSize: what a foreign network is for; found out from its shapes where nil.
  /// - Returns: the network and what the file says of it.
  /// - Throws: ``InputError`` if the file is no checkpoint, or its tensors are not those of the network.
  public static func read(
    _ url: URL, model: String? = nil, imageSize: (height: Int, width: Int)? = nil
  ) throws -> Checkpoint {
    var file = try Safetensors.read(url)
    let facts = try CheckpointFacts(metadata: file.metadata, path: url.path)
    let specification: ModelSpecification
    if let facts {
      specification = facts.model
    } else if let model {
      (specification, file) = try foreign(model, file, imageSize, path: url.path)
    } else {
      throw InputError(url.path, "the file does not say which network it holds", remedy: "name it with --model")
    }
    let network = try ModelCatalog.build(specification, seed: 0, at: url.path)
    try load(file, into: network, path: url.path)
    return Checkpoint(network: network, facts: facts)
  }

  /// Puts a file's tensors into a network that exists.
  ///
  /// - Throws: ``InputError`` that names the first missing, extra or misshapen tensor.
  public static func load(_ file: Safetensors, into network: any Network, path: String) throws {
    let name = network.specification.name
    var loaded: [(Parameter, [Float])] = []
    var used: Set<String> = []
    for (tensorName, parameter) in network.namedParameters {
      guard let stored = file[tensorName] else {
        let nearest = nearestName(to: tensorName, in: file).map { "; its nearest is \(inQuotes($0))" }
        throw InputError(
          path, "tensor '\(tensorName)' of \(name) is missing", remedy: "check --model" + (nearest ?? ""))
      }
      let shape = parameter.tensor.shape
      guard stored.shape == shape.dimensions else {
        throw InputError(
          path, "tensor '\(tensorName)' has shape \(Shape(stored.shape))", remedy: "\(name) needs \(shape)")
      }
      loaded.append((parameter, try values(of: stored, path: path)))
      used.insert(tensorName)
    }
    if let extra = file.tensors.first(where: { !used.contains($0.name) && !isCounter($0.name) }) {
      throw InputError(path, "tensor \(inQuotes(extra.name)) does not belong to \(name)", remedy: "check --model")
    }
    for (parameter, values) in loaded {
      parameter.tensor.mutate { target in _ = target.update(fromContentsOf: values) }
    }
  }

  /// PyTorch counts batches beside running statistics; nothing here needs the count.
  static func isCounter(_ name: String) -> Bool { name.hasSuffix("num_batches_tracked") }

  /// Of the first thousand names: a hostile file may have any number of them.
  static func nearestName(to name: String, in file: Safetensors) -> String? {
    file.tensors.prefix(1000).map(\.name).filter { !isCounter($0) && $0.count < 200 }
      .min { editDistance(name, $0) < editDistance(name, $1) }
  }

  /// Real, finite numbers of a tensor: with others every answer of the network would be NaN, without a word.
  private static func values(of stored: StoredTensor, path: String) throws -> [Float] {
    guard [.f32, .f64, .f16, .bf16].contains(stored.type) else {
      throw InputError(
        path, "tensor '\(stored.name)' has type \(stored.type.rawValue)", remedy: "F32, F64, F16 or BF16 is needed")
    }
    let values = try stored.floats()
    guard values.allSatisfy(\.isFinite) else {
      throw InputError(
        path, "tensor '\(stored.name)' holds values that are not finite numbers",
        remedy: "take a checkpoint from before the training broke")
    }
    return values
  }

  /// Classes, colours, height and width that a network may have; keeps hostile files from claiming the whole memory.
  static let possibleExtents = 1...16_384
}
