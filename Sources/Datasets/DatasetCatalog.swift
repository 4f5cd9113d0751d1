import Support

/// The data sets that a recipe can name.
public enum DatasetCatalog {
  private static let sets: [(entry: CatalogEntry, load: @Sendable (Options, UInt64) throws -> DataSplits)] = [
    (PartShapesSet.entry, PartShapesSet.load),
    (FashionOnTexture.entry, FashionOnTexture.load),
    (IDXSets.fashion, IDXSets.loadFashion),
    (IDXSets.mnist, IDXSets.loadMNIST),
  ]

  /// All sets with their options.
  public static let entries: [CatalogEntry] = sets.map(\.entry)

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
  /// - Returns: three sets that share no image.
  /// - Throws: ``InputError`` for an unknown name, options that do not fit together, and files that are missing,
  ///   truncated or damaged.
  public static func load(_ name: String, _ options: Options, seed: UInt64) throws -> DataSplits {
    try find(name).load(options, seed)
  }

  private static func find(
    _ name: String
  ) throws -> (entry: CatalogEntry, load: @Sendable (Options, UInt64) throws -> DataSplits) {
    guard let set = sets.first(where: { $0.entry.name == name }) else {
      throw InputError("data.set", "'\(name)' is no data set", remedy: nearest(name, in: entries.map(\.name)))
    }
    return set
  }
}
