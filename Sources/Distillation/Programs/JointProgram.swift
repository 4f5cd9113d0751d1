import Models
import NeuralNetworks
import Support
import Tensors

/// Labels and any number of methods, summed with weights: one forward pass of each network, one backward, one update.
public final class JointProgram: TrainingProgram {
  /// A method with its weight.
  public struct Term {
    /// Name for logs, unique in the program.
    public let name: String
    /// The method.
    public let method: any DistillationMethod
    /// Its weight in the sum.
    public let weight: Float

    /// - Parameters:
    ///   - name: name for logs.
    ///   - method: the method.
    ///   - weight: its weight in the sum.
    public init(name: String, method: any DistillationMethod, weight: Float) {
      self.name = name
      self.method = method
      self.weight = weight
    }
  }

  /// The network that learns.
  public let student: any Network
  /// The network that teaches; nil where no term asks one.
  public let teacher: (any Network)?
  private let labelWeight: Float
  private let teacherView: TeacherView
  let terms: [Term]
  private let optimizer: any Optimizer
  let clipNorm: Float?
  private let meter: TermGradientMeter?
  let metrics = MetricSheet()
  /// What the teacher said in an earlier run; nil to ask it for every batch.
  public var answers: (any TeacherAnswers)?

  /// - Parameters:
  ///   - student: the network that learns; a method may put it into another one.
  ///   - teacher: frozen here; nil where no term asks one.
  ///   - labelWeight: weight of the cross-entropy with the labels.
  ///   - terms: methods with weights.
  ///   - teacherView: how the teacher sees what the student sees augmented; none of the terms then shows images in a way of
  ///     its own.
  ///   - clipNorm: limit on the global norm of the gradients.
  ///   - gradientSteps: steps of each epoch in which the terms' gradients are compared with the labels'.
  ///   - makeOptimizer: is given all trainable parameters, the student's first.
  public init(
    student: any Network, teacher: (any Network)? = nil, labelWeight: Float = 1, terms: [Term] = [],
    teacherView: TeacherView = .same, clipNorm: Float? = nil, gradientSteps: Int = 0,
    makeOptimizer: ([Parameter]) -> any Optimizer
  ) {
    precondition(
      teacherView == .same || terms.view == .ordinary,
      "JointProgram: a teacher's view of its own beside \(terms.view) images")
    precondition(!terms.askTeacher || teacher != nil, "JointProgram: terms that ask a teacher, and there is none")
    let student = terms.lazy.compactMap(\.method.deployed).first ?? student
    self.student = student
    self.teacher = teacher
    self.labelWeight = labelWeight
    self.teacherView = teacherView
    self.terms = terms
    self.clipNorm = clipNorm
    meter =
      gradientSteps > 0 && !terms.isEmpty ? TermGradientMeter(stepsPerEpoch: gradientSteps, student: student) : nil
    teacher?.freeze()
    optimizer = makeOptimizer(student.trainableParameters.filter(\.tensor.requiresGradient) + terms.parameters)
  }

  /// `labels`, then the terms.
  public var termNames: [String] {
    ["labels"]
      + terms.flatMap { term in
        [term.name] + (term.method.companion.map { ["\(term.name) \($0.name)"] } ?? [])
      }
  }

  /// Optimiser steps taken.
  public var steps: Int {
    get { optimizer.steps }
    set { optimizer.steps = newValue }
  }

  /// Optimiser state, projections and method state.
  public var state: [(name: String, tensor: Tensor)] {
    optimizer.state.map { (name: "optimizer.\($0.name)", tensor: $0.tensor) } + terms.state
  }

  /// As the methods want it, or as the teacher sees it.
  public var view: BatchView { teacherView == .same ? terms.view : teacherView.batchView }

  /// As the methods ask for it.
  public var batchOrder: BatchOrder { terms.batchOrder }

  /// Of the methods.
  public var fewestImages: Int { terms.fewestImages }

  /// One forward pass of each network, one backward, one update.
  public func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    let active = terms.filter { $0.method.takesPart(at: clock) }
    var list: [LossTerm] = []
    var companions: [LossTerm] = []
    if !active.isEmpty {
      let passes = StepPasses(
        student: student, teacher: teacher, terms: active, showsTeacherSecond: teacherView != .same, answers: answers,
        metrics: metrics)
      let seen = try passes.run(batch, clock, random: random)
      list = [LossTerm("labels", seen.labels(), weight: labelWeight)] + active.losses(seen.steps)
      companions = active.companions(seen.steps)
    } else {
      let logits = student(batch.images, ForwardPass(.training, random: random))
      list = [LossTerm("labels", batch.crossEntropy(logits), weight: labelWeight)]
    }
    if let meter, meter.wants(clock) { meter.measure(list) }
    list += companions
    let values = try list.descend(batch, optimizer, learningRate: learningRate, clipNorm: clipNorm) {
      [student, terms] in
      student.namedParameters + terms.namedParameters
    }
    let known = Dictionary(uniqueKeysWithValues: zip(list.map(\.name), values))
    return termNames.map { known[$0] ?? .nan }
  }

  /// How the terms pulled at the student's weights since the last call.
  public func takeTermGradients() -> [TermGradient] { meter?.take() ?? [] }

  /// What the methods told beside their losses since the last call.
  public func takeMetrics() -> [TermMetric] { metrics.take() }
}
