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
  private let teacher: (any Network)?
  private let labelWeight: Float
  private let terms: [Term]
  private let optimizer: any Optimizer
  private let clipNorm: Float?

  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: frozen here; nil where there are no terms.
  ///   - labelWeight: weight of the cross-entropy with the labels.
  ///   - terms: methods with weights.
  ///   - clipNorm: limit on the global norm of the gradients.
  ///   - makeOptimizer: is given all trainable parameters, the student's first.
  public init(
    student: any Network, teacher: (any Network)? = nil, labelWeight: Float = 1, terms: [Term] = [],
    clipNorm: Float? = nil, makeOptimizer: ([Parameter]) -> any Optimizer
  ) {
    precondition(terms.isEmpty || teacher != nil, "JointProgram: terms without a teacher")
    self.student = student
    self.teacher = teacher
    self.labelWeight = labelWeight
    self.terms = terms
    self.clipNorm = clipNorm
    teacher?.freeze()
    optimizer = makeOptimizer(student.trainableParameters + terms.parameters)
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
    optimizer.state.map { (name: "optimizer.\($0.name)", tensor: $0.tensor) } + terms.state
  }

  /// One forward pass of each network, one backward, one update.
  public func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    let pass = ForwardPass(.training, features: terms.studentFeatures, random: random)
    let logits = student(batch.images, pass)
    var list = [LossTerm("labels", crossEntropy(logits, batch.labels), weight: labelWeight)]
    if let teacher, !terms.isEmpty {
      let teacherPass = ForwardPass(.evaluation, features: terms.teacherFeatures)
      let teacherLogits = withoutRecording { teacher(batch.images, teacherPass) }
      list += terms.losses(
        KnowledgeStep(
          batch: batch, clock: clock, studentLogits: logits, teacherLogits: teacherLogits, studentPass: pass,
          teacherPass: teacherPass))
    }
    return try list.descend(batch, optimizer, learningRate: learningRate, clipNorm: clipNorm) {
      [student, terms] in
      student.namedParameters + terms.namedParameters
    }
  }
}
