import NeuralNetworks
import Support
import Tensors

/// The formula of a method that compares maps of both networks, layer by layer, whatever their channels and sizes: all
/// that its file has to say.
public protocol MapFormula {
  /// Identifier, paper, formula and options; ``MapMethod`` adds those of the layers.
  static var entry: CatalogEntry { get }

  /// The loss, a scalar.
  ///
  /// - Parameters:
  ///   - pairs: of each layer [B, H, W, C] of the student and [B, V, U, D] of the teacher, a constant.
  ///   - options: checked against the entry.
  /// - Returns: what ``MapMethod`` trains on.
  static func value(_ pairs: [(student: Tensor, teacher: Tensor)], _ options: Options) -> Tensor
}

/// A method whose loss is a formula of maps of both networks.
public final class MapMethod<Formula: MapFormula>: DistillationMethod, TensorLoss {
  /// The formula's, with the options of the layers.
  public static var entry: CatalogEntry {
    let own = Formula.entry
    return CatalogEntry(
      own.name, own.summary, paper: own.paper, facts: own.facts, options: own.options + MethodSetup.layerOptions)
  }
  /// Features.
  public static var inputs: [LossInput] { LossInput.freeFeatures }

  private let options: Options
  private let layers: LayerPairs

  /// - Throws: ``InputError`` if a layer does not exist or is no map.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    layers = try setup.layers(options)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Formula.entry.name, at: setup.place)
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(Formula.value(try inputs.pairs(), options))
  }

  /// The formula.
  public func loss(_ step: KnowledgeStep) -> Tensor { Formula.value(layers.features(step), options) }
}
