import Datasets
import Distillation
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
  /// Optimisers for training with terms: listed among the methods, asked for by `training.optimizer`.
  public var optimizers: [CatalogEntry] = MethodRegistry.optimizers

  /// - Parameters:
  ///   - datasets: data sets with their options.
  ///   - models: networks of the model catalogue with their options.
  ///   - methods: methods of the registry with their options.
  public init(datasets: [CatalogEntry], models: [CatalogEntry], methods: [CatalogEntry]) {
    self.datasets = datasets
    self.models = models
    self.methods = methods
  }
}

extension Vocabulary {
  /// All that this program has.
  public static var standard: Vocabulary {
    Vocabulary(datasets: DatasetCatalog.entries, models: ModelCatalog.entries, methods: MethodRegistry.entries)
  }
}
