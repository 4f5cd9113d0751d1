import Models
import NeuralNetworks
import Support

/// What a training program is made with, beside the networks and the terms.
public struct ProgramSettings {
  /// Weight of the cross-entropy with the labels.
  public let labelWeight: Float
  /// How the teacher sees what the student sees augmented.
  public let teacherView: TeacherView
  /// Limit on the global norm of the gradients; nil for none.
  public let clipNorm: Float?
  /// Steps of each epoch in which the terms' gradients are compared with the labels'.
  public let gradientSteps: Int
  /// Steps in each epoch.
  public let stepsPerEpoch: Int
  /// Is given the parameters that are trained.
  public let makeOptimizer: ([Parameter]) -> any Optimizer

  /// - Parameters: as the properties.
  public init(
    labelWeight: Float = 1, teacherView: TeacherView = .same, clipNorm: Float? = nil, gradientSteps: Int = 0,
    stepsPerEpoch: Int,
    makeOptimizer: @escaping ([Parameter]) -> any Optimizer
  ) {
    self.labelWeight = labelWeight
    self.teacherView = teacherView
    self.clipNorm = clipNorm
    self.gradientSteps = gradientSteps
    self.stepsPerEpoch = stepsPerEpoch
    self.makeOptimizer = makeOptimizer
  }
}

extension JointProgram {
  /// A method that is not made yet, with its weight.
  public struct WantedTerm {
    /// The method's name.
    public let name: String
    /// Its weight in the sum.
    public let weight: Float
    /// Makes the method for two networks.
    public let make: (MethodSetup) throws -> any DistillationMethod

    /// - Parameters: as the properties.
    public init(name: String, weight: Float, make: @escaping (MethodSetup) throws -> any DistillationMethod) {
      self.name = name
      self.weight = weight
      self.make = make
    }
  }

  /// The terms of a student, each with first weights and a name of its own.
  ///
  /// - Parameters:
  ///   - wanted: the methods in their order.
  ///   - seed: of the training.
  ///   - setup: what a method is told, from its place and what gives initial values to its parts.
  /// - Returns: in the same order; a method that stands there again has its place in its name.
  /// - Throws: what making a method throws.
  public static func terms(
    _ wanted: [WantedTerm], seed: UInt64, _ setup: (_ place: Int, _ initialiser: Initialiser) throws -> MethodSetup
  ) throws -> [Term] {
    var names: Set<String> = []
    return try wanted.enumerated().map { place, term in
      let method = try term.make(setup(place, Initialiser(seed: seed &+ UInt64(place + 1) &* 7919)))
      let name = names.insert(term.name).inserted ? term.name : "\(term.name)-\(place + 1)"
      return Term(name: name, method: method, weight: term.weight)
    }
  }
}

extension [JointProgram.Term] {
  /// Whether any of them wants to know what a teacher says.
  public var askTeacher: Bool { contains { type(of: $0.method).teacherNeed == .answers } }

  /// How a student learns from labels and these terms: by a method's own program, or by their sum, behind the stages that
  /// some of them have before it.
  ///
  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacher: the network that teaches; nil where no term asks one.
  ///   - settings: weights, limits and the optimiser.
  ///   - answers: what the teacher said in an earlier run; nil to ask it.
  /// - Returns: the program, and the epochs of its stages before the joint training.
  /// - Throws: ``InputError`` where a method's own program has other terms beside it; what making it throws.
  public func program(
    of student: any Network, teacher: (any Network)?, _ settings: ProgramSettings, answers: (any TeacherAnswers)? = nil
  ) throws -> (program: any TrainingProgram, preparationEpochs: Int) {
    if let term = first(where: { type(of: $0.method).trainsAlone }) {
      guard count == 1 else {
        throw InputError(term.name, "trains in a way of its own", remedy: "make it the only term")
      }
      let frame = ProgramFrame(
        student: student, labelWeight: settings.labelWeight, weight: term.weight, clipNorm: settings.clipNorm,
        makeOptimizer: settings.makeOptimizer)
      if let own = try term.method.ownProgram(frame) { return (own, 0) }
    }
    let joint = JointProgram(
      student: student, teacher: teacher, labelWeight: settings.labelWeight, terms: self,
      teacherView: settings.teacherView, clipNorm: settings.clipNorm, gradientSteps: settings.gradientSteps,
      makeOptimizer: settings.makeOptimizer)
    joint.answers = answers
    let epochs = compactMap(\.method.preparation?.epochs).reduce(0, +)
    guard epochs > 0 else { return (joint, 0) }
    return (
      PreparedProgram(joint, stepsPerEpoch: settings.stepsPerEpoch, makeOptimizer: settings.makeOptimizer), epochs
    )
  }
}
