import Models
import NeuralNetworks
import Support
import Tensors

/// Labels and any number of methods, summed with weights: one forward pass of each network, one backward, one update.
public final class JointProgram: GradientReporting {
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
  private let teacher: (any Network)?
  private let labelWeight: Float
  private let terms: [Term]
  private let optimizer: any Optimizer
  private let clipNorm: Float?
  private let meter: TermGradientMeter?

  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: frozen here; nil where there are no terms.
  ///   - labelWeight: weight of the cross-entropy with the labels.
  ///   - terms: methods with weights.
  ///   - clipNorm: limit on the global norm of the gradients.
  ///   - gradientSteps: steps of each epoch in which the terms' gradients are compared with the labels'.
  ///   - makeOptimizer: is given all trainable parameters, the student's first.
  public init(
    student: any Network, teacher: (any Network)? = nil, labelWeight: Float = 1, terms: [Term] = [],
    clipNorm: Float? = nil, gradientSteps: Int = 0, makeOptimizer: ([Parameter]) -> any Optimizer
  ) {
    precondition(terms.isEmpty || teacher != nil, "JointProgram: terms without a teacher")
    self.student = student
    self.teacher = teacher
    self.labelWeight = labelWeight
    self.terms = terms
    self.clipNorm = clipNorm
    meter =
      gradientSteps > 0 && !terms.isEmpty ? TermGradientMeter(stepsPerEpoch: gradientSteps, student: student) : nil
    teacher?.freeze()
    optimizer = makeOptimizer(
      student.trainableParameters + terms.flatMap { $0.method.parameters.map(\.parameter) })
  }

  /// `labels`, then the terms.
  public var termNames: [String] { ["labels"] + terms.map(\.name) }

  /// Optimiser steps taken.
  public var steps: Int {
    get { optimizer.steps }
    set { optimizer.steps = newValue }
  }

  /// Optimiser state, projections and method state.
  public var state: [(name: String, tensor: Tensor)] {
    optimizer.state.map { (name: "optimizer.\($0.name)", tensor: $0.tensor) }
      + terms.flatMap { term in
        term.method.parameters.map { (name: "\(term.name).\($0.name)", tensor: $0.parameter.tensor) }
          + term.method.state.map { (name: "\(term.name).\($0.name)", tensor: $0.tensor) }
      }
  }

  /// One forward pass of each network, one backward, one update.
  public func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    let pass = ForwardPass(
      .training, features: terms.reduce(into: []) { $0.formUnion($1.method.studentFeatures) }, random: random)
    let logits = student(batch.images, pass)
    var list = [LossTerm("labels", crossEntropy(logits, batch.labels), weight: labelWeight)]
    if let teacher, !terms.isEmpty {
      let wanted = terms.reduce(into: Set<FeaturePoint>()) { $0.formUnion($1.method.teacherFeatures) }
      let teacherPass = ForwardPass(.evaluation, features: wanted)
      let teacherLogits = withoutRecording { teacher(batch.images, teacherPass) }
      let step = KnowledgeStep(
        batch: batch, clock: clock, studentLogits: logits, teacherLogits: teacherLogits, studentPass: pass,
        teacherPass: teacherPass)
      list += terms.map { LossTerm($0.name, $0.method.loss(step), weight: $0.weight) }
    }
    if let meter, meter.wants(clock) { meter.measure(list) }
    let values = list.map(\.value.item)
    for (term, value) in zip(list, values) where !value.isFinite { throw NonFiniteTerm(term: term.name, batch: batch) }
    let active = list.filter { $0.weight != 0 }
    guard let first = active.first else { preconditionFailure("JointProgram: all weights are zero") }
    let total = active.dropFirst().reduce(first.value * first.weight) { $0 + $1.value * $1.weight }
    var slopes = gradients(of: total, with: optimizer.parameters.map(\.tensor))
    // A ReLU turns NaN into 0, so that a loss can be finite behind a broken layer; its gradient is not.
    if let index = slopes.lastIndex(where: { !$0.isFinite }) {
      let names = active.map(\.name).joined(separator: " + ")
      throw NonFiniteTerm(term: names, batch: batch, gradientOf: name(of: optimizer.parameters[index]))
    }
    if let clipNorm { slopes = clipped(slopes, toGlobalNorm: clipNorm) }
    optimizer.step(slopes, learningRate: learningRate)
    return values
  }

  /// How the terms pulled at the student's weights since the last call.
  public func takeTermGradients() -> [TermGradient] { meter?.take() ?? [] }

  private func name(of parameter: Parameter) -> String {
    let own = terms.flatMap { term in
      term.method.parameters.map { (name: "\(term.name).\($0.name)", parameter: $0.parameter) }
    }
    return (student.namedParameters + own).first { $0.parameter === parameter }?.name ?? "a weight"
  }
}
