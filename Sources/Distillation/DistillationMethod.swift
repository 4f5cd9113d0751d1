import Models
import NeuralNetworks
import Support
import Tensors

/// A way to distil whose loss is a function of one forward pass of student and teacher.
///
/// The protocol asks for what the survey's methods need of a joint training: features of both sides, trainable parts
/// of their own, and state that survives a kill.
public protocol DistillationMethod: AnyObject {
  /// Identifier, paper, formula and options.
  static var entry: CatalogEntry { get }

  /// - Throws: ``InputError`` if the networks do not fit the method: layer names, shapes, class counts.
  init(_ options: Options, _ setup: MethodSetup) throws

  /// Features that the student must keep.
  var studentFeatures: Set<FeaturePoint> { get }
  /// Features that the teacher must keep.
  var teacherFeatures: Set<FeaturePoint> { get }
  /// How the training images are shown.
  var view: BatchView { get }
  /// Which statistics normalise the teacher's features.
  var teacherStatistics: TeacherStatistics { get }
  /// Whether the step's images are a leaf of the tape, so that logits can be differentiated with respect to them.
  var needsImageGradients: Bool { get }
  /// A stage before the joint training; nil for none.
  var preparation: Preparation? { get }
  /// Whether the method has a term in a step of the joint training.
  func takesPart(at clock: TrainingClock) -> Bool
  /// Parts of the method's own, such as projections: what they train and what they gather is found through them.
  var modules: [(name: String, module: any Module)] { get }
  /// What the joint training trains of the method's own parts, under stable names.
  var parameters: [(name: String, parameter: Parameter)] { get }
  /// What else a resumed run needs: statistics, memory banks, parts that were trained before.
  var state: [(name: String, tensor: Tensor)] { get }
  /// The loss, a scalar, before the recipe's weight.
  func loss(_ step: KnowledgeStep) -> Tensor
}

extension DistillationMethod {
  /// None.
  public var studentFeatures: Set<FeaturePoint> { [] }
  /// None.
  public var teacherFeatures: Set<FeaturePoint> { [] }
  /// As they are augmented.
  public var view: BatchView { .ordinary }
  /// The running ones.
  public var teacherStatistics: TeacherStatistics { .running }
  /// No.
  public var needsImageGradients: Bool { false }
  /// None.
  public var preparation: Preparation? { nil }
  /// Always.
  public func takesPart(at clock: TrainingClock) -> Bool { true }
  /// None.
  public var modules: [(name: String, module: any Module)] { [] }
  /// All trainable ones of the modules.
  public var parameters: [(name: String, parameter: Parameter)] {
    ownParameters.filter { $0.parameter.role.isTrainable }
  }
  /// What the modules hold besides ``parameters``.
  public var state: [(name: String, tensor: Tensor)] { gatheredStatistics }

  /// What the modules hold besides ``parameters``, for methods that have state of their own beside it.
  var gatheredStatistics: [(name: String, tensor: Tensor)] {
    let trained = Set(parameters.map { ObjectIdentifier($0.parameter) })
    return ownParameters.filter { !trained.contains(ObjectIdentifier($0.parameter)) }
      .map { (name: $0.name, tensor: $0.parameter.tensor) }
  }

  private var ownParameters: [(name: String, parameter: Parameter)] {
    modules.flatMap { part in
      part.module.namedParameters.map { (name: "\(part.name).\($0.name)", parameter: $0.parameter) }
    }
  }
}

/// The methods that a recipe may name.
public enum MethodRegistry {
  /// All methods; adding one here lists it, checks its options and tests it.
  public static var methods: [any DistillationMethod.Type] {
    [
      LogitsMethod<LogitsRegression>.self, SoftenedLogits.self, LabelSmoothing.self, VirtualTeacher.self,
      LogitsMethod<WeightedSoftLabels>.self,
      LogitsMethod<DecoupledKnowledge>.self, LogitsMethod<StrongerTeacher>.self, LogitsMethod<NormalizedKnowledge>.self,
      LogitsMethod<StandardizedLogits>.self,
      CurriculumTemperature.self, MultiLevelLogits.self, JacobianMatching.self, BoundarySupport.self,
      FeatureL2.self,
      AttentionTransfer.self, NeuronSelectivity.self, VariationalInformation.self, ContrastiveRepresentation.self,
      StudentClassifierRegression.self, ChannelWise.self,
      AttentionGradient.self, GradCAMAttention.self,
      SolutionFlow.self, ProbabilisticTransfer.self,
      RelationalKnowledge.self, SimilarityPreserving.self, CorrelationCongruence.self, InstanceGraph.self,
      ChannelCorrelation.self,
    ]
  }

  /// Catalogue entries in the same order.
  public static let entries: [CatalogEntry] = methods.map { $0.entry }

  /// Ways of training by terms that are no terms themselves: a recipe takes them as `training.optimizer`.
  public static let optimizers: [CatalogEntry] = [DistillationOriented.entry]

  /// Makes a method by name.
  ///
  /// - Throws: ``InputError`` for an unknown name, a wrong option or networks that do not fit.
  public static func make(_ name: String, _ options: [String: OptionValue], _ setup: MethodSetup) throws
    -> any DistillationMethod
  {
    guard let method = methods.first(where: { $0.entry.name == name }) else {
      throw InputError(setup.place, "there is no method '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
    }
    return try method.init(Options(options, for: method.entry, at: setup.place), setup)
  }
}
