import Support

/// The data sets that a recipe can name.
public enum DatasetCatalog {
  /// Is told the share of the loading that is done, and may stop it by throwing.
  public typealias Advanced = (Double) throws -> Void

  /// Makes the splits by the options of an entry and a seed.
  public typealias Load = @Sendable (Options, UInt64, Advanced) throws -> DataSplits

  private typealias ListedSet = (entry: CatalogEntry, load: Load)

  private static var sets: [ListedSet] { builtIn + additions.all }
  private static let additions = Additions<ListedSet>()
  private static let builtIn: [ListedSet] = [
    (PartShapesSet.entry, { options, seed, _ in try PartShapesSet.load(options, seed) }),
    (TwoGlyphsSet.entry, { options, seed, _ in try TwoGlyphsSet.load(options, seed) }),
    (FashionOnTexture.entry, { options, seed, _ in try FashionOnTexture.load(options, seed) }),
    (IDXSets.fashion, { options, seed, _ in try IDXSets.loadFashion(options, seed) }),
    (IDXSets.mnist, { options, seed, _ in try IDXSets.loadMNIST(options, seed) }),
    (ImageFolderSet.entry, ImageFolderSet.load),
    (CIFARSets.cifar10.entry, { options, seed, _ in try CIFARSets.cifar10.load(options, seed) }),
    (CIFARSets.cifar100.entry, { options, seed, _ in try CIFARSets.cifar100.load(options, seed) }),
    (ArraySet.entry, { options, seed, _ in try ArraySet.load(options, seed) }),
  ]

  /// All sets with their options.
  public static var entries: [CatalogEntry] { sets.map(\.entry) }

  /// Adds data of one's own: from then on recipes and all commands know them.
  ///
  /// - Parameters:
  ///   - entry: name, one line, options.
  ///   - load: makes the splits; equal options and seeds must give equal images.
  /// - Throws: ``InputError`` for a name that is taken or no name.
  public static func add(_ entry: CatalogEntry, _ load: @escaping Load) throws {
    try additions.add((entry, load), listedAs: entry, besides: entries.map(\.name), kind: "data set")
  }

  /// The entry of a name.
  ///
  /// - Throws: ``InputError`` that suggests the nearest name.
  public static func entry(_ name: String) throws -> CatalogEntry { try find(name).entry }

  /// Loads or makes a data set.
  ///
  /// - Parameters:
  ///   - name: of an entry.
  ///   - options: checked against that entry.
  ///   - seed: decides which images are held out, and what procedural images look like.
  ///   - advanced: is told the share that is done, where loading takes time.
  /// - Returns: three sets that share no image.
  /// - Throws: ``InputError`` for an unknown name, options that do not fit together, and files that are missing,
  ///   truncated or damaged.
  public static func load(
    _ name: String, _ options: Options, seed: UInt64, _ advanced: Advanced = { _ in }
  ) throws -> DataSplits {
    try find(name).load(options, seed, advanced)
  }

  private static func find(_ name: String) throws -> (entry: CatalogEntry, load: Load) {
    guard let set = sets.first(where: { $0.entry.name == name }) else {
      throw InputError("data.set", "'\(name)' is no data set", remedy: nearest(name, in: entries.map(\.name)))
    }
    return set
  }
}
