import NeuralNetworks
import Support

/// Networks that one type builds, and what has to be known to find, refuse and recognise them.
struct ModelFamily: Sendable {
  /// What the networks are, for lists.
  let title: String
  /// The networks that lists show.
  let entries: [CatalogEntry]
  /// The network of a name that fits the family's pattern without being listed; nil for all others.
  var unlisted: @Sendable (String) -> CatalogEntry? = { _ in nil }
  /// What is wrong with a name that is nearly one of the family's, and what would be right; nil for foreign names.
  var refusal: @Sendable (String) -> (problem: String, remedy: String)? = { _ in nil }
  /// Names of the first and the last weight: from these a checkpoint of unknown origin tells colours and classes.
  var ends: [(first: String, last: String)] = [("conv1.weight", "fc.weight")]
  /// Options and image size of a network of which nothing but the shapes of its tensors is known.
  var guess: @Sendable (ForeignTensors) -> (options: [String: OptionValue], size: Int) = { _ in ([:], 32) }
  /// Names of networks, listed or not, that the shapes of a file's tensors tell.
  var sizes: @Sendable (_ shape: (String) -> [Int]?) -> [String] = { _ in [] }
  /// Builds a network of the family; throws an ``InputError`` at the place for images that are too small.
  let build: @Sendable (ModelSpecification, Initialiser, _ place: String) throws -> any Network

  func entry(_ name: String) -> CatalogEntry? { entries.first { $0.name == name } ?? unlisted(name) }
}

/// Shapes of the tensors of a file of unknown origin, and the name of the network that it is said to hold.
public struct ForeignTensors {
  /// Name in the catalogue.
  public let model: String
  /// The shape of a tensor by its name; nil where there is none.
  public let shape: (String) -> [Int]?

  /// - Parameters:
  ///   - model: name in the catalogue.
  ///   - shape: the shape of a tensor by its name; nil where there is none.
  public init(model: String, shape: @escaping (String) -> [Int]?) {
    self.model = model
    self.shape = shape
  }
}

/// The number behind a prefix, where the whole name is just that.
func number(in name: String, after prefix: String) -> Int? {
  let digits = name.dropFirst(prefix.count)
  return name.hasPrefix(prefix) && digits.allSatisfy(\.isWholeNumber) ? Int(digits) : nil
}
