import Models
import NeuralNetworks
import Support
import Tensors

/// A way to distil whose loss is a function of one forward pass of student and teacher.
///
/// The protocol asks for what the survey's methods need of a joint training: features of both sides, trainable parts
/// of their own, and state that survives a kill.
public protocol DistillationMethod: AnyObject, SendableMetatype {
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
  /// In which order the student's training draws its images.
  var batchOrder: BatchOrder { get }
  /// Which statistics normalise the teacher's features.
  var teacherStatistics: TeacherStatistics { get }
  /// Whether the step's images are a leaf of the tape, so that logits can be differentiated with respect to them.
  var needsImageGradients: Bool { get }
  /// A stage before the joint training; nil for none.
  var preparation: Preparation? { get }
  /// The option with the length of a preparation that trains the student; nil for methods that never have one.
  static var studentStage: StudentStage? { get }
  /// Whether the method has a term in a step of the joint training.
  func takesPart(at clock: TrainingClock) -> Bool
  /// What its own parts learn beside the student; nil where they learn from the loss alone.
  var companion: Companion? { get }
  /// How long the gradient of the loss to each of the student's weights may be, in lengths of that of the labels; nil for
  /// no limit.
  func gradientLimit(at clock: TrainingClock) -> Float?
  /// What is trained and deployed in place of the student where the method adds to it; nil for the student as it is.
  var deployed: (any Network)? { get }
  /// What the method wants of a teacher: where no student of a run wants answers, none is trained, read or run.
  static var teacherNeed: TeacherNeed { get }
  /// Whether it trains the student in a way of its own, so that it is no term of a sum.
  static var trainsAlone: Bool { get }
  /// That training; nil for a term.
  func ownProgram(_ frame: ProgramFrame) throws -> (any TrainingProgram)?
  /// Whether labels have a weight where a recipe does not say it.
  static var usesLabels: Bool { get }
  /// Parts of the method's own, such as projections: what they train and what they gather is found through them.
  var modules: [(name: String, module: any Module)] { get }
  /// What the joint training trains of the method's own parts, under stable names.
  var parameters: [(name: String, parameter: Parameter)] { get }
  /// Whether its loss at some step depends on how long the whole training is.
  var dependsOnLength: Bool { get }
  /// What else a resumed run needs: statistics, memory banks, parts that were trained before.
  var state: [(name: String, tensor: Tensor)] { get }
  /// What a user should know before a long training: one line, without the method's name; nil for nothing.
  var advice: String? { get }
  /// Fewest images of which the method learns what it is there for; of fewer its loss, or a part of it, is 0.
  var fewestImages: Int { get }
  /// The loss, a scalar, before the recipe's weight.
  func loss(_ step: KnowledgeStep) -> Tensor
}

extension DistillationMethod {
  /// None.
  public var studentFeatures: Set<FeaturePoint> { [] }
  /// None.
  public var teacherFeatures: Set<FeaturePoint> { [] }
  /// No.
  public var dependsOnLength: Bool { false }
  /// As they are augmented.
  public var view: BatchView { .ordinary }
  /// Any.
  public var batchOrder: BatchOrder { .shuffled }
  /// The running ones.
  public var teacherStatistics: TeacherStatistics { .running }
  /// No.
  public var needsImageGradients: Bool { false }
  /// None.
  public var preparation: Preparation? { nil }
  /// None.
  public static var studentStage: StudentStage? { nil }
  /// Always.
  public func takesPart(at clock: TrainingClock) -> Bool { true }
  /// None.
  public var advice: String? { nil }
  /// One.
  public var fewestImages: Int { 1 }
  /// None.
  public var companion: Companion? { nil }
  /// None.
  public func gradientLimit(at clock: TrainingClock) -> Float? { nil }
  /// None.
  public var deployed: (any Network)? { nil }
  /// What it says to the images.
  public static var teacherNeed: TeacherNeed { .answers }
  /// No.
  public static var trainsAlone: Bool { false }
  /// None.
  public func ownProgram(_ frame: ProgramFrame) -> (any TrainingProgram)? { nil }
  /// They have.
  public static var usesLabels: Bool { true }
  /// None.
  public var modules: [(name: String, module: any Module)] { [] }
  /// All trainable ones of the modules.
  public var parameters: [(name: String, parameter: Parameter)] { trainableParts }
  /// What the modules hold besides ``parameters``.
  public var state: [(name: String, tensor: Tensor)] { gatheredStatistics }

  /// What the modules hold besides ``parameters``, for methods that have state of their own beside it.
  var gatheredStatistics: [(name: String, tensor: Tensor)] {
    let trained = Set(parameters.map { ObjectIdentifier($0.parameter) })
    return ownParameters.filter { !trained.contains(ObjectIdentifier($0.parameter)) }
      .map { (name: $0.name, tensor: $0.parameter.tensor) }
  }

  /// All that the modules can train.
  var trainableParts: [(name: String, parameter: Parameter)] {
    ownParameters.filter { $0.parameter.role.isTrainable }
  }

  private var ownParameters: [(name: String, parameter: Parameter)] {
    modules.flatMap { part in
      part.module.namedParameters.map { (name: "\(part.name).\($0.name)", parameter: $0.parameter) }
    }
  }
}
