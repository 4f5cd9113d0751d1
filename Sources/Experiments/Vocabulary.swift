import Models
import Support

/// The names that a recipe may use.
public struct Vocabulary: Sendable {
  /// Data sets with their options.
  public var datasets: [CatalogEntry]
  /// Networks with their options.
  public var models: [CatalogEntry]
  /// Ways of distilling with their options.
  public var methods: [CatalogEntry]
  /// The layers of a network, in forward order.
  public var layers: @Sendable (ModelRecipe) throws -> [ProbePoint]

  /// - Parameters:
  ///   - datasets: data sets with their options.
  ///   - models: networks with their options.
  ///   - methods: ways of distilling with their options.
  ///   - layers: the layers of a network; unless given, it is built for small colour images and asked.
  public init(
    datasets: [CatalogEntry], models: [CatalogEntry], methods: [CatalogEntry],
    layers: @escaping @Sendable (ModelRecipe) throws -> [ProbePoint] = layersForSmallImages
  ) {
    self.datasets = datasets
    self.models = models
    self.methods = methods
    self.layers = layers
  }
}

/// The layers of a catalogue network for 32×32 colour images and ten classes; their names do not depend on these.
public func layersForSmallImages(_ model: ModelRecipe) throws -> [ProbePoint] {
  let specification = ModelSpecification(model.name, classes: 10, options: model.options.values)
  return try ModelCatalog.build(specification, seed: 0).probePoints
}
