import NeuralNetworks
import Support
import Tensors

/// The formula of a method that learns from logits, and perhaps labels: all that its file has to say.
public protocol LogitsFormula {
  /// Identifier, paper, formula and options.
  static var entry: CatalogEntry { get }
  /// Whether the labels are read.
  static var readsLabels: Bool { get }
  /// Fewest classes for which the formula means something.
  static var fewestClasses: Int { get }

  /// The loss, a scalar.
  ///
  /// - Parameters:
  ///   - student: logits, [batch, classes].
  ///   - teacher: logits, [batch, classes]; a constant.
  ///   - labels: class of each image; empty where they are not read.
  ///   - options: checked against the entry.
  /// - Returns: without the recipe's weight and without warm-up.
  static func value(_ student: Tensor, _ teacher: Tensor, _ labels: [Int], _ options: Options) -> Tensor

  /// What training multiplies the loss by at a time, such as a warm-up.
  static func factor(at clock: TrainingClock, _ options: Options) -> Float
}

extension LogitsFormula {
  /// No.
  public static var readsLabels: Bool { false }
  /// With one class all losses are 0.
  public static var fewestClasses: Int { readsLabels ? 2 : 1 }
  /// 1.
  public static func factor(at clock: TrainingClock, _ options: Options) -> Float { 1 }
}

/// Options that several methods of logits have alike.
enum LogitsOptions {
  static let temperature = OptionKey.number("temperature", 0.05...1000, default: 4, "T; no unit")
  static let standardisation = OptionKey.flag(
    "logit-standardisation", default: false, "whether logits are standardised per image (CVPR 2024)")
}

/// A method whose loss is a formula of the logits of both networks.
public final class LogitsMethod<Formula: LogitsFormula>: DistillationMethod, TensorLoss {
  /// The formula's.
  public static var entry: CatalogEntry { Formula.entry }
  /// Logits of both, and labels where the formula reads them.
  public static var inputs: [LossInput] {
    [LossInput("student.logits", "B C"), LossInput("teacher.logits", "B C")]
      + (Formula.readsLabels ? [LossInput("labels", "B", .integers)] : [])
  }

  private let options: Options

  /// - Throws: ``InputError`` if the class counts differ or are too small.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    try setup.requireEqualClasses(for: Formula.entry)
    try Self.requireClasses(setup.student.specification.classes, at: setup.place)
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (student, teacher) = (try inputs.tensor("student.logits"), try inputs.tensor("teacher.logits"))
    let classes = student.shape[1]
    try requireClasses(classes, at: inputs.place)
    let labels = Formula.readsLabels ? try inputs.labels(classes) : []
    return single(Formula.value(student, teacher, labels, options))
  }

  /// The formula, times its factor.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let value = Formula.value(step.studentLogits, step.teacherLogits, step.batch.labels, options)
    let factor = Formula.factor(at: step.clock, options)
    return factor == 1 ? value : value * factor
  }

  private static func requireClasses(_ classes: Int, at place: String) throws {
    guard classes >= Formula.fewestClasses else {
      throw InputError(
        place, "there are \(classes) classes", remedy: "\(entry.name) needs at least \(Formula.fewestClasses)")
    }
  }
}
