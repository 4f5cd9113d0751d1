import NeuralNetworks
import Support

/// The networks that KDScope can build.
public enum ModelCatalog {
  private static let builtIn: [ModelFamily] = [
    .plain, .takd, .smallResNet, .largeResNet, .wide, .vgg, .alex, .mobile, .shuffle, .projected,
  ]
  private static let additions = Additions<ModelFamily>()

  static var families: [ModelFamily] { builtIn + additions.all }

  /// One entry per network.
  public static var entries: [CatalogEntry] { families.flatMap(\.entries) }

  /// Adds a network of one's own: from then on recipes, checkpoints and all commands know it, as teacher, student, peer
  /// or assistant.
  ///
  /// - Parameters:
  ///   - entry: name, one line, options; its ``CatalogEntry/version`` is to be raised when the network computes otherwise.
  ///   - build: makes it from what it is to be, with weights of the initialiser; the last is where a recipe names it, for
  ///     the error lines of images that are too small.
  /// - Throws: ``InputError`` for a name that is taken or no name.
  public static func add(
    _ entry: CatalogEntry, _ build: @escaping @Sendable (ModelSpecification, Initialiser, String) throws -> any Network
  ) throws {
    let family = ModelFamily(title: "of this program", entries: [entry]) { wanted, initialiser, place in
      let network = try build(wanted, initialiser, place)
      guard network.specification == wanted else {
        throw InputError(
          place, "\(entry.name) was asked for \(wanted) and is \(network.specification)",
          remedy: "its specification must be the one that it is built from")
      }
      return network
    }
    try additions.add(family, listedAs: entry, besides: entries.map(\.name), kind: "model")
  }

  /// The names of each family, with what its networks are.
  public static var names: [(title: String, names: [String])] {
    families.filter { !$0.entries.isEmpty }.map { (title: $0.title, names: $0.entries.map(\.name)) }
  }

  /// The entry of a name, listed or not (a Wide ResNet may have any depth and width).
  ///
  /// - Throws: ``InputError``; for a depth that does not exist it says which ones do.
  public static func entry(_ name: String, at place: String) throws -> CatalogEntry {
    try found(name, at: place).entry
  }

  /// The entry of a name that fits a family's pattern and that ``entries`` does not have; nil for all others.
  public static func unlisted(_ name: String) -> CatalogEntry? {
    entries.contains { $0.name == name } ? nil : families.lazy.compactMap { $0.unlisted(name) }.first
  }

  /// Whether a name is one of the catalogue, or nearly one that it has something to say of, such as an impossible depth.
  public static func hasFamily(of name: String) -> Bool {
    families.contains { $0.entry(name) != nil || $0.refusal(name) != nil }
  }

  /// Checks a name.
  ///
  /// - Throws: ``InputError``; for a depth that does not exist it says which ones do.
  public static func check(_ name: String, at place: String) throws { _ = try found(name, at: place) }

  /// Builds a network with fresh weights.
  ///
  /// - Parameters:
  ///   - specification: name, classes, input size, options.
  ///   - seed: decides the weights.
  ///   - place: where the name stands, for the error line.
  /// - Returns: the network, trainable.
  /// - Throws: ``InputError`` for a name that does not exist, an impossible depth, options that the network does not
  ///   have, or images that are too small.
  public static func build(_ specification: ModelSpecification, seed: UInt64, at place: String = "model") throws
    -> any Network
  {
    try build(specification, Initialiser(seed: seed), at: place)
  }

  /// Builds a network without weights: its values are undefined until all of them are read from a file.
  ///
  /// - Throws: as ``build(_:seed:at:)``.
  public static func blank(_ specification: ModelSpecification, at place: String = "model") throws -> any Network {
    try build(specification, Initialiser(blank: ()), at: place)
  }

  static func build(_ specification: ModelSpecification, _ initialiser: Initialiser, at place: String) throws
    -> any Network
  {
    let (family, entry) = try found(specification.name, at: place)
    // Options may come from a file.
    _ = try Options(specification.options, for: entry, at: place)
    return try family.build(specification, initialiser, place)
  }

  /// The catalogue's name for another spelling of it, such as torchvision's `mobilenet_v2`, `vgg16_bn` or
  /// `shufflenet_v2_x0_5`; the name itself where it is one, or where there is no such network.
  public static func canonicalName(_ name: String) -> String {
    func letters(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
    guard (try? found(name, at: "")) == nil else { return name }
    var spelled = letters(name)
    // Whether there is batch normalisation stands in the weights, and one width needs no name.
    if name.lowercased().hasSuffix("_bn") { spelled = String(spelled.dropLast(2)) }
    if name.lowercased().hasSuffix("_x1_0") { spelled = String(spelled.dropLast(3)) }
    return entries.first { letters($0.name) == spelled }?.name ?? name
  }

  /// Names of the networks whose tensors a file may hold: the catalogue's, and those of unlisted sizes that its shapes
  /// tell.
  public static func names(fitting file: (String) -> [Int]?) -> [String] {
    families.flatMap { family in
      let names = family.entries.map(\.name)
      return names + family.sizes(file).filter { !names.contains($0) }
    }
  }

  /// The specification of a network of which only its tensors are known.
  ///
  /// - Parameters:
  ///   - file: name of the network, and the shapes of the tensors.
  ///   - place: where the name stands, for the error line.
  /// - Returns: nil if the tensors are not those of the network.
  /// - Throws: ``InputError`` for a name that does not exist.
  public static func specification(of file: ForeignTensors, at place: String) throws -> ModelSpecification? {
    let family = try found(file.model, at: place).family
    for (first, last) in family.ends {
      guard let first = file.shape(first), first.count == 4, let last = file.shape(last), last.count == 2 else {
        continue
      }
      let (options, size) = family.guess(file)
      return ModelSpecification(
        file.model, classes: last[0], channels: first[1], height: size, width: size, options: options)
    }
    return nil
  }

  private static func found(_ name: String, at place: String) throws -> (family: ModelFamily, entry: CatalogEntry) {
    for family in families { if let entry = family.entry(name) { return (family, entry) } }
    if let (problem, remedy) = families.lazy.compactMap({ $0.refusal(name) }).first {
      throw InputError(place, problem, remedy: remedy)
    }
    throw InputError(place, "there is no model '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
  }
}
