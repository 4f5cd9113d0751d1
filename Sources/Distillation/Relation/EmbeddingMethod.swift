import NeuralNetworks
import Support
import Tensors

/// The formula of a method that compares how the images of a batch lie to each other in the embeddings of two networks:
/// all that its file has to say.
public protocol EmbeddingFormula {
  /// Identifier, paper, formula and options; ``EmbeddingMethod`` adds those of the layers.
  static var entry: CatalogEntry { get }
  /// Fewest images of which the formula says something; of fewer the loss is 0.
  static var fewestImages: Int { get }
  /// Whether some options make it read labels.
  static var canReadLabels: Bool { get }
  /// Whether these options make it read labels.
  static func readsLabels(_ options: Options) -> Bool

  /// The summands of the loss.
  ///
  /// - Parameters:
  ///   - student: [batch, features].
  ///   - teacher: [batch, features of its own]; a constant.
  ///   - labels: class of each image; empty where they are not read.
  ///   - options: checked against the entry.
  /// - Returns: the same summands for every batch; of too few images their values do not count.
  static func terms(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> [LossTerm]
}

extension EmbeddingFormula {
  /// Two.
  public static var fewestImages: Int { 2 }
  /// No.
  public static var canReadLabels: Bool { false }
  /// No.
  public static func readsLabels(_ options: Options) -> Bool { false }
}

/// A method whose loss is a formula of the embeddings of both networks.
public final class EmbeddingMethod<Formula: EmbeddingFormula>: DistillationMethod, TensorLoss {
  /// The formula's, with the options of the layers.
  public static var entry: CatalogEntry {
    let own = Formula.entry
    return CatalogEntry(
      own.name, own.summary, paper: own.paper, facts: own.facts, options: own.options + EmbeddingPair.options)
  }
  /// Embeddings of both, and labels where the formula can read them.
  public static var inputs: [LossInput] {
    LossInput.embeddings + (Formula.canReadLabels ? [LossInput("labels", "B", .integers, isOptional: true)] : [])
  }

  private let options: Options
  private let pair: EmbeddingPair

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    pair = try EmbeddingPair(options, setup, Formula.entry.name)
  }

  /// The student's vector.
  public var studentFeatures: Set<FeaturePoint> { pair.studentFeatures }
  /// The teacher's vector.
  public var teacherFeatures: Set<FeaturePoint> { pair.teacherFeatures }
  /// The formula's.
  public var fewestImages: Int { Formula.fewestImages }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let labels = Formula.readsLabels(options) ? try inputs.integers("labels").values : []
    return terms(try inputs.tensor("student.embedding"), try inputs.tensor("teacher.embedding"), labels, options)
  }

  /// The formula.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = pair.vectors(step)
    return Self.terms(student, teacher, Formula.readsLabels(options) ? step.batch.labels : [], options).total
  }

  private static func terms(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> [LossTerm] {
    Formula.terms(student, teacher, labels, options).unless(student, isBelow: Formula.fewestImages)
  }
}
