import Models
import NeuralNetworks
import Support
import Tensors

/// Which tensor of a file is which of a network: by equal names, or by names that other programs have for the same.
public struct NameMap {
  /// A tensor under two names.
  public struct Renaming: Sendable, Equatable {
    /// In the file, without what all names begin with.
    public let file: String
    /// In the network.
    public let network: String
  }

  /// The first tensor, in the network's order, that is missing or misshapen.
  private enum Problem {
    case missing(String)
    case misshapen(String, [Int], needed: Shape)
  }

  /// The network's name, for error lines.
  private let name: String
  private let problem: Problem?
  /// Parameters of the network with the file's tensors, in the network's order.
  public let pairs: [(parameter: String, tensor: ArchivedTensor)]
  /// Pairs whose names differ.
  public let renamed: [Renaming]
  /// Names of the network that the file lacks.
  public let missing: [String]
  /// Tensors of the file that the network lacks; PyTorch's counts of batches, which nothing needs, are none.
  public let extra: [String]
  /// Pairs of different shapes: the network's name, its shape in the file, and that in the network.
  public let misshapen: [(name: String, shape: [Int], needed: Shape)]

  /// Names of the layer that classifies.
  private static let heads = ["linear", "fc", "classifier", "head"]
  /// Names of a shortcut that is a layer.
  private static let shortcuts: Set = ["shortcut", "downsample", "skip", "convShortcut"]

  /// - Parameters:
  ///   - tensors: of a file.
  ///   - network: may be without values.
  public init(_ tensors: [ArchivedTensor], _ network: any Network) {
    let parameters = network.namedParameters
    let own = Set(parameters.map(\.name))
    let last = network.layers.last?.name ?? ""
    let index = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    var (pairs, renamed, missing): ([(parameter: String, tensor: ArchivedTensor)], [Renaming], [String]) = ([], [], [])
    var misshapen: [(name: String, shape: [Int], needed: Shape)] = []
    var problem: Problem?
    var used: Set<String> = []
    for (name, parameter) in parameters {
      let aliases = Self.aliases(of: name, last: last).lazy.filter { !own.contains($0) }
      guard let tensor = index[name] ?? aliases.compactMap({ index[$0] }).first else {
        missing.append(name)
        problem = problem ?? .missing(name)
        continue
      }
      used.insert(tensor.name)
      pairs.append((name, tensor))
      if tensor.name != name { renamed.append(Renaming(file: tensor.name, network: name)) }
      let needed = parameter.tensor.shape
      if tensor.shape != needed.dimensions {
        misshapen.append((name, tensor.shape, needed))
        problem = problem ?? .misshapen(name, tensor.shape, needed: needed)
      }
    }
    self.problem = problem
    name = network.specification.name
    (self.pairs, self.renamed, self.missing, self.misshapen) = (pairs, renamed, missing, misshapen)
    extra = tensors.map(\.name).filter { !used.contains($0) && !Checkpoint.isCounter($0) }
  }

  /// Whether every tensor of the file is one of the network, and every one of the network is there.
  public var fits: Bool { missing.isEmpty && extra.isEmpty && misshapen.isEmpty }

  /// Other programs' names for a parameter.
  private static func aliases(of name: String, last: String) -> [String] {
    for ending in [".weight", ".bias"] where name == last + ending { return heads.map { $0 + ending } }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(where: shortcuts.contains) else { return [] }
    return shortcuts.sorted().map { other in
      parts[place] = other
      return parts.joined(separator: ".")
    }
  }

  /// The shape of a tensor by the name that a network of the catalogue has for it.
  static func shape(of name: String, in index: [String: [Int]]) -> [Int]? {
    if let shape = index[name] { return shape }
    let ends: Set = ["fc", "linear", "classifier", "classifier.1"]
    let stem = name.hasSuffix(".weight") ? String(name.dropLast(7)) : ""
    return aliases(of: name, last: ends.contains(stem) ? stem : "").lazy.compactMap { index[$0] }.first
  }

  /// Refuses a file that lacks a tensor, has one too many, or one of another shape.
  ///
  /// - Throws: ``InputError`` that names the first.
  func requireFit(path: String, among tensors: [ArchivedTensor]) throws {
    switch problem {
    case .missing(let first):
      let nearest = Self.nearest(to: first, in: tensors, besides: Set(pairs.map(\.tensor.name)))
      throw InputError(path, "tensor '\(first)' of \(name) is missing", remedy: "check --model" + nearest)
    case .misshapen(let first, let shape, let needed):
      throw InputError(path, "tensor '\(first)' has shape \(Shape(shape))", remedy: "\(name) needs \(needed)")
    case nil: break
    }
    if let first = extra.first {
      let more = extra.count == 1 ? "" : extra.count == 2 ? ", nor does one more" : ", nor do \(extra.count - 1) more"
      throw InputError(
        path, "tensor \(inQuotes(first)) does not belong to \(name)\(more)",
        remedy: "check --model, or leave out what is no weight: kdscope convert FILE OUT --without \(inQuotes(first))")
    }
  }

  /// Gives a network the file's values.
  ///
  /// - Parameters:
  ///   - network: of the same parameters.
  ///   - isWhole: whether all values are read before the first is given, so that a network that has values keeps them
  ///     where the file is refused.
  ///   - path: for error lines.
  /// - Throws: ``InputError`` for values that are no finite real numbers.
  func fill(_ network: any Network, isWhole: Bool = false, path: String) throws {
    let parameters = Dictionary(network.namedParameters.map { ($0.name, $0.parameter) }) { first, _ in first }
    var waiting: [(Parameter, [Float])] = []
    func give(_ parameter: Parameter, _ values: [Float]) {
      parameter.tensor.mutate { target in _ = target.update(fromContentsOf: values) }
    }
    for (name, tensor) in pairs {
      guard let parameter = parameters[name] else { continue }
      let values = try Checkpoint.values(of: try tensor.stored(), path: path)
      if isWhole { waiting.append((parameter, values)) } else { give(parameter, values) }
    }
    for (parameter, values) in waiting { give(parameter, values) }
  }

  /// A clause with the name that is nearest to one that is missing, without those that are taken; empty for none.
  static func nearest(to name: String, in tensors: [ArchivedTensor], besides taken: Set<String>) -> String {
    // Of the first thousand names: a hostile file may have any number of them.
    let names = tensors.lazy.map(\.name).filter { !taken.contains($0) }.prefix(1000)
    let nearest = names.filter { !Checkpoint.isCounter($0) && $0.count < 200 }
      .min { editDistance(name, $0) < editDistance(name, $1) }
    return nearest.map { "; its nearest is \(inQuotes($0))" } ?? ""
  }
}
