import Models
import NeuralNetworks
import Support
import Tensors

/// What a method is told when it is made: the networks that it will teach and learn from.
public struct MethodSetup {
  /// The network that learns.
  public let student: any Network
  /// The frozen network that teaches.
  public let teacher: any Network
  /// Gives initial values to trainable parts of the method.
  public let initialiser: Initialiser
  /// Class of each image of the training split.
  public let trainingLabels: [Int]
  /// Where the method stands in the recipe, for error lines.
  public let place: String

  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: the frozen network that teaches.
  ///   - initialiser: gives initial values to trainable parts.
  ///   - trainingLabels: class of each image of the training split.
  ///   - place: where the method stands in the recipe.
  public init(
    student: any Network, teacher: any Network, initialiser: Initialiser, trainingLabels: [Int], place: String
  ) {
    self.student = student
    self.teacher = teacher
    self.initialiser = initialiser
    self.trainingLabels = trainingLabels
    self.place = place
  }
}

/// What a method sees in one step: one forward pass of each network.
public struct KnowledgeStep {
  /// The images with labels and indices.
  public let batch: Batch
  /// Where in the training the step stands.
  public let clock: TrainingClock
  /// [batch, classes], on the tape.
  public let studentLogits: Tensor
  /// [batch, classes], a constant.
  public let teacherLogits: Tensor
  /// The student's wanted features, on the tape.
  public let studentPass: ForwardPass
  /// The teacher's wanted features, constants.
  public let teacherPass: ForwardPass

  /// - Parameters:
  ///   - batch: the images with labels and indices.
  ///   - clock: where in the training the step stands.
  ///   - studentLogits: [batch, classes], on the tape.
  ///   - teacherLogits: [batch, classes], a constant.
  ///   - studentPass: holds the student's wanted features.
  ///   - teacherPass: holds the teacher's wanted features.
  package init(
    batch: Batch, clock: TrainingClock, studentLogits: Tensor, teacherLogits: Tensor, studentPass: ForwardPass,
    teacherPass: ForwardPass
  ) {
    self.batch = batch
    self.clock = clock
    self.studentLogits = studentLogits
    self.teacherLogits = teacherLogits
    self.studentPass = studentPass
    self.teacherPass = teacherPass
  }
}

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
  /// Parts of the method's own, such as projections: what they train and what they gather is found through them.
  var modules: [(name: String, module: any Module)] { get }
  /// Trainable parts of the method's own, such as projections, under stable names.
  var parameters: [(name: String, parameter: Parameter)] { get }
  /// Untrained state that a resumed run needs, such as memory banks.
  var state: [(name: String, tensor: Tensor)] { get }
  /// The loss, a scalar, before the recipe's weight.
  func loss(_ step: KnowledgeStep) -> Tensor
}

extension DistillationMethod {
  /// None.
  public var studentFeatures: Set<FeaturePoint> { [] }
  /// None.
  public var teacherFeatures: Set<FeaturePoint> { [] }
  /// None.
  public var modules: [(name: String, module: any Module)] { [] }
  /// Those of the modules.
  public var parameters: [(name: String, parameter: Parameter)] {
    ownParameters.filter { $0.parameter.role.isTrainable }
  }
  /// The statistics that the modules gather.
  public var state: [(name: String, tensor: Tensor)] { gatheredStatistics }

  /// The statistics that the modules gather, for methods that have state of their own beside it.
  var gatheredStatistics: [(name: String, tensor: Tensor)] {
    ownParameters.filter { !$0.parameter.role.isTrainable }.map { (name: $0.name, tensor: $0.parameter.tensor) }
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
      LogitsMethod<LogitsRegression>.self, LogitsMethod<SoftenedLogits>.self, LabelSmoothing.self, VirtualTeacher.self,
      LogitsMethod<WeightedSoftLabels>.self,
      LogitsMethod<DecoupledKnowledge>.self, LogitsMethod<StrongerTeacher>.self, LogitsMethod<NormalizedKnowledge>.self,
      LogitsMethod<StandardizedLogits>.self, FeatureL2.self,
      AttentionTransfer.self, NeuronSelectivity.self, VariationalInformation.self, ContrastiveRepresentation.self,
      StudentClassifierRegression.self, ChannelWise.self, SolutionFlow.self, ProbabilisticTransfer.self,
      RelationalKnowledge.self, SimilarityPreserving.self, CorrelationCongruence.self, InstanceGraph.self,
      ChannelCorrelation.self,
      FitNet.self, FactorTransfer.self, ActivationBoundary.self, FeatureOverhaul.self, KnowledgeReview.self,
      PrimeAware.self,
    ]
  }

  /// Catalogue entries in the same order.
  public static let entries: [CatalogEntry] = methods.map { $0.entry }

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
