import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Mean teacher (Tarvainen & Valpola, "Mean Teachers Are Better Role Models", NeurIPS 2017, arXiv 1703.01780, eq. 1 and 2),
/// with all labels known.
///
/// CE(z) + c(e) · mean_{B,C} (softmax(z) − softmax(z'))²: z of the network that learns, z' of the moving average of its
/// weights, a constant, each from draws of its own of the same images. The average is deployed: it is the recipe's student,
/// the network that learns has the role `learner`. c rises over the first epochs to the weight in the recipe, 100 in the
/// authors' script for CIFAR-10.
public final class MeanTeacher: ProgramMethod, TensorLoss {
  /// `mean-teacher`.
  public static let entry = CatalogEntry(
    "mean-teacher", "the moving average of the student's own weights",
    paper: "Tarvainen & Valpola, Mean Teachers Are Better Role Models, NeurIPS 2017",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2017"), StepPart.fact(.logits, .images),
      (key: "needs", value: "nothing of a teacher; two views of each image; it trains alone"),
      (key: "formula", value: "CE(z) + c(e) mean_{B,C} (softmax(z) − softmax(z'))², θ' ← a θ' + (1 − a) θ"),
      (key: "trainable", value: "the learner, whose average is deployed"),
      (key: "recipe", value: "- { method: mean-teacher, decay: 0.99, weight: 10 }"),
    ],
    options: [decay.option, distance.option, rampUp.option, averageStatistics.option])
  /// How far two distributions are apart.
  enum Distance: String, OptionChoice { case mse, kl }
  fileprivate static let decay = OptionKey.number(
    "decay", 0...1, default: 0.999, "α, the largest share a that the average keeps in a step")
  private static let distance = OptionKey.choice(
    "consistency", default: Distance.mse, "mean squared difference of probabilities, or KL(p' ‖ p)")
  fileprivate static let rampUp = OptionKey.number(
    "ramp-up", 0...10_000, default: 5, "epochs in which c rises as exp(−5 (1 − e/R)²)")
  fileprivate static let averageStatistics = OptionKey.flag(
    "average-statistics", default: false,
    "whether statistics of batch normalisation are averaged too, instead of gathered by the average's own passes")
  /// Nothing: the average does.
  public static let teacherNeed = TeacherNeed.nothing
  /// Logits of the network that learns, and those of the average.
  public static let inputs = [LossInput("student.logits", "B C"), LossInput("teacher.logits", "B C")]

  private let options: Options
  private let setup: MethodSetup

  /// - Throws: ``InputError`` if class counts differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    self.setup = setup
    try setup.requireEqualClasses(for: Self.entry)
  }

  /// Each image twice, by draws of their own.
  public var view: BatchView { .twice }

  /// The distance from whatever teaches, without the rise of its weight.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    Self.consistency(step.studentLogits, step.teacherLogits, options)
  }

  /// The loss of tensors, without the rise of its weight.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(consistency(try inputs.tensor("student.logits"), try inputs.tensor("teacher.logits"), options))
  }

  static func consistency(_ own: Tensor, _ other: Tensor, _ options: Options) -> Tensor {
    guard options[Self.distance] == .mse else {
      return divergenceOfRows(own.logSoftmax(), from: withoutRecording { other.logSoftmax() }, isWhole: true).mean()
    }
    return meanSquaredError(own.softmax(), withoutRecording { other.softmax() }.detached())
  }

  /// The learner's training; learner and average begin with the student's weights.
  public func program(_ frame: ProgramFrame) throws -> any TrainingProgram {
    let average = try ModelCatalog.build(frame.student.specification, seed: 0, at: setup.place)
    return MeanTeacherProgram(average, options, frame)
  }
}

/// A network that learns beside the moving average of its weights.
final class MeanTeacherProgram: TrainingProgram {
  let student: any Network
  private let learner: any Network
  private let optimizer: any Optimizer
  private let options: Options
  private let frame: ProgramFrame
  private let metrics = MetricSheet()
  /// Parameters of the average and of the learner, side by side.
  private let pairs: [(average: Parameter, own: Parameter)]

  init(_ average: any Network, _ options: Options, _ frame: ProgramFrame) {
    learner = frame.student
    student = average
    pairs = zip(average.namedParameters, frame.student.namedParameters).map { ($0.parameter, $1.parameter) }
    for pair in pairs { pair.average.assign(pair.own.tensor) }
    average.freeze()
    optimizer = frame.makeOptimizer(frame.student.trainableParameters)
    self.options = options
    self.frame = frame
  }

  var participants: [Participant] { [Participant(.student, student), Participant(.learner, learner)] }
  let termNames = ["labels", "mean-teacher"]
  let view = BatchView.twice

  var steps: Int {
    get { optimizer.steps }
    set { optimizer.steps = newValue }
  }

  /// The optimiser's: the weights of both networks are in their checkpoints.
  var state: [(name: String, tensor: Tensor)] {
    optimizer.state.map { (name: "optimizer.\($0.name)", tensor: $0.tensor) }
  }

  func takeMetrics() -> [TermMetric] { metrics.take() }

  func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    let logits = learner(batch.images, ForwardPass(.training, random: random))
    let averages = options[MeanTeacher.averageStatistics]
    let other = withoutRecording {
      student(
        batch.secondImages ?? batch.images,
        ForwardPass(
          .training, updatesStatistics: !averages, random: Philox(seed: random.seed, stream: ~random.stream)))
    }
    let rampUp = options[MeanTeacher.rampUp]
    let distance = 1 - (rampUp > 0 ? min(Double(clock.epoch), rampUp) / rampUp : 1)
    let terms = [
      LossTerm("labels", batch.crossEntropy(logits), weight: frame.labelWeight),
      LossTerm(
        "mean-teacher", MeanTeacher.consistency(logits, other, options),
        weight: frame.weight * Float(exp(-5 * distance * distance))),
    ]
    let values = try terms.descend(batch, optimizer, learningRate: learningRate, clipNorm: frame.clipNorm) {
      [learner] in learner.namedParameters
    }
    metrics.add(
      agreement(logits.argmaxOfRows(), other.argmaxOfRows()), as: "agreement with the average", of: "mean-teacher",
      images: batch.labels.count)
    follow(averagingStatistics: averages)
    return values
  }

  /// θ' ← a θ' + (1 − a) θ, a = min(1 − 1/(s + 1), α) after s steps: a mean of all weights until that reaches α.
  private func follow(averagingStatistics: Bool) {
    let share = Float(min(1 - 1 / Double(optimizer.steps + 1), options[MeanTeacher.decay]))
    for (average, own) in pairs where own.role.isTrainable || averagingStatistics {
      let mean = withoutRecording { average.tensor * share + own.tensor * (1 - share) }
      average.assign(mean)
    }
  }
}
