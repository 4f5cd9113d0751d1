import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Support

/// What a file of weights holds: tensors, and the network that they belong to where one is known.
public struct CheckpointSummary {
  /// One tensor.
  public struct Weights {
    /// The network's name for it, or the file's where no network is known.
    public let name: String
    /// Element type in the file.
    public let type: StoredType
    /// Extents in PyTorch axis order.
    public let shape: [Int]
    /// The first tensor that lies in the same block of the file; nil for that itself.
    public let shared: String?
    /// Of its values; nil where they were not asked for, or are no real numbers.
    public let statistics: TensorStatistics?

    /// Share of values that are exactly 0.
    public var zeros: Double? { statistics.map { Double($0.zeros) / Double(max(1, shape.reduce(1, *))) } }
  }

  /// Where it was read from.
  public let path: String
  /// How the file is written.
  public let format: WeightArchive.Format
  /// Where in the file the weights stand; nil where it is nothing but weights.
  public let key: String?
  /// Where further weights stand, which were not taken.
  public let others: [String]
  /// What all names begin with; empty for nothing.
  public let prefix: String
  /// What was not read.
  public let skipped: [WeightArchive.Skipped]
  /// The network, for its layers: it has not the file's values. Nil where none is known.
  public let network: (any Network)?
  /// What the file says about itself; nil for a foreign file.
  public let facts: CheckpointFacts?
  /// Tensors whose names in the file are others than the network's.
  public let renamed: [NameMap.Renaming]
  /// Networks that nearly have the tensors, where none has.
  public let candidates: [Recognition.Candidate]
  /// Networks side by side in the file, where none is known: where each stands, and what it is.
  public let parts: [(key: String, model: String)]
  /// Every tensor: running statistics too; of a known network in forward order, without counts of batches.
  public let weights: [Weights]
  /// Whether values were read.
  public let hasValues: Bool

  /// - Parameters:
  ///   - url: a file of weights.
  ///   - model: name of the network where the file cannot say it.
  ///   - key: where in a file of PyTorch the weights stand.
  ///   - isStructureOnly: whether values are left alone.
  /// - Throws: ``InputError`` if the file cannot be read, or is not of the network that is named.
  public init(of url: URL, model: String?, key: String? = nil, isStructureOnly: Bool = false) throws {
    let archive = try WeightArchive.read(url, key: key, checksSeal: !isStructureOnly)
    facts = try archive.facts()
    if facts == nil { archive.tellChoices() }
    let recognition = Recognition(archive)
    let isForeign = facts.map { !ModelCatalog.hasFamily(of: $0.model.name) } ?? false
    if let facts, isForeign {
      Notice.tell("\(url.path) is of \(facts.model.name), which this program does not have: its tensors are shown")
    }
    let known = isForeign ? nil : try recognition.known(as: model, facts: facts)
    let tensors: [ArchivedTensor]
    if let known {
      tensors = known.map.pairs.map { $0.tensor.renamed($0.parameter) }
    } else {
      tensors = archive.tensors(without: archive.prefix)
    }
    path = url.path
    format = archive.format
    self.key = archive.key
    others = archive.others
    prefix = known?.prefix ?? archive.prefix
    skipped = archive.skipped
    network = known?.network
    renamed = known?.map.renamed ?? []
    candidates = known == nil ? recognition.nearest() : []
    parts = known == nil ? recognition.partsThatFit() : []
    hasValues = !isStructureOnly
    var blocks: [String: String] = [:]
    weights = try tensors.map { tensor in
      let first = blocks[tensor.block]
      if first == nil { blocks[tensor.block] = tensor.name }
      return Weights(
        name: tensor.name, type: tensor.type, shape: tensor.shape, shared: first,
        statistics: isStructureOnly ? nil : TensorStatistics(try tensor.stored()))
    }
  }

  /// Trainable values of the network; all values of the file where none is known.
  public var parameters: Int {
    network.map { $0.layers.reduce(0) { $0 + $1.parameters } }
      ?? weights.filter { $0.shared == nil }.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// The network.
  ///
  /// - Throws: ``InputError`` that names the nearest of the catalogue where none is known.
  public func knownNetwork() throws -> any Network {
    guard let network else {
      throw Recognition.unknown(path, tensors: weights.count, nearest: candidates, parts: parts)
    }
    return network
  }
}
