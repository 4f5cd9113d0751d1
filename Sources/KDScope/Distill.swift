import Datasets
import Distillation
import Models
import NeuralNetworks
import Support
import Training

/// A summand of what a student learns from a teacher.
public struct DistillationTerm {
  let wanted: JointProgram.WantedTerm
  /// Name in logs.
  public var name: String { wanted.name }
  /// Its weight in the sum.
  public var weight: Float { wanted.weight }

  /// A method of the registry.
  ///
  /// - Parameters:
  ///   - name: as `kdscope methods` lists it.
  ///   - weight: its weight in the sum.
  ///   - options: those that differ from their defaults.
  public init(_ name: String, weight: Float = 1, _ options: [String: OptionValue] = [:]) {
    wanted = JointProgram.WantedTerm(name: name, weight: weight) { try MethodRegistry.make(name, options, $0) }
  }

  /// A method of the caller's own.
  ///
  /// - Parameters:
  ///   - method: its type.
  ///   - weight: its weight in the sum.
  ///   - options: those that differ from the defaults of its entry.
  public init<Method: DistillationMethod>(
    _ method: Method.Type, weight: Float = 1, _ options: [String: OptionValue] = [:]
  ) {
    wanted = JointProgram.WantedTerm(name: method.entry.name, weight: weight) {
      try method.init(Options(options, for: method.entry, at: $0.place), $0)
    }
  }
}

/// Trains a network on labels and, where there is one, by a teacher. Nothing is written unless an observer writes it.
///
/// ```swift
/// try distill(student, from: teacher, on: data, by: [DistillationTerm("kd", weight: 0.9)], labels: 0.1, settings)
/// ```
///
/// - Parameters:
///   - student: learns, in place. A method that deploys it inside another network, such as `simkd`, has that in
///     `program.student` of the observers.
///   - teacher: is frozen; nil where no term asks one.
///   - data: training and development images.
///   - terms: what is learned from the teacher; none for labels alone.
///   - labels: weight of the cross-entropy with the labels.
///   - settings: epochs, batch, optimiser, rates.
///   - seed: decides order, augmentation, dropout and the first weights of the methods' own parts.
///   - observers: what keeps or shows the training, such as a ``RunKeeper``.
///   - tell: is called after each step and epoch.
/// - Returns: losses and accuracies of all epochs.
/// - Throws: ``InputError`` for networks, terms or options that do not fit; ``Divergence`` if a loss is not a number.
@discardableResult
public func distill(
  _ student: any Network, from teacher: (any Network)? = nil, on data: DataSplits, by terms: [DistillationTerm] = [],
  labels: Float = 1, _ settings: TrainingSettings, seed: UInt64 = 1, observers: [any TrainingObserver] = [],
  _ tell: (Trainer.Event) throws -> Void = { _ in }
) throws -> TrainingHistory {
  let samples = ImageSamples(data, augmentation: data.augmentation, seed: seed)
  return try distill(
    student, from: teacher, on: samples, by: terms, labels: labels, settings, seed: seed, observers: observers, tell)
}

/// Trains a network on samples of any kind.
///
/// - Parameters:
///   - student: learns, in place.
///   - teacher: is frozen; nil where no term asks one.
///   - samples: what it learns from and is judged on.
///   - terms: what is learned from the teacher; none for labels alone.
///   - labels: weight of the cross-entropy with the labels.
///   - settings: epochs, batch, optimiser, rates.
///   - seed: decides order, dropout and the first weights of the methods' own parts.
///   - observers: what keeps or shows the training.
///   - tell: is called after each step and epoch.
/// - Returns: losses and accuracies of all epochs.
/// - Throws: ``InputError`` for networks, samples, terms or options that do not fit; ``Divergence`` if a loss is not a
///   number.
@discardableResult
public func distill(
  _ student: any Network, from teacher: (any Network)? = nil, on samples: any SampleSource,
  by terms: [DistillationTerm] = [], labels: Float = 1, _ settings: TrainingSettings, seed: UInt64 = 1,
  observers: [any TrainingObserver] = [], _ tell: (Trainer.Event) throws -> Void = { _ in }
) throws -> TrainingHistory {
  if let teacher, teacher.signature != samples.signature {
    throw InputError(
      "distill", "the teacher takes \(teacher.signature)", remedy: "the samples are \(samples.signature)")
  }
  let (trainingLabels, trainingCount) = (samples.labels, samples.count)
  let made = try JointProgram.terms(terms.map(\.wanted), seed: seed) { place, initialiser in
    MethodSetup(
      student: student, teacher: teacher ?? student, initialiser: initialiser, trainingLabels: trainingLabels,
      trainingCount: trainingCount, batchSize: settings.batch, place: "distill: \(terms[place].name)")
  }
  if teacher == nil, let term = made.first(where: { type(of: $0.method).teacherNeed != .nothing }) {
    throw InputError("distill", "\(term.name) learns from a teacher, and there is none", remedy: "give one")
  }
  _ = try made.map(\.method).view(at: "distill")
  let (program, epochs) = try made.program(
    of: student, teacher: teacher,
    ProgramSettings(
      labelWeight: labels, clipNorm: settings.clipNorm.map(Float.init), gradientSteps: settings.gradientSteps,
      stepsPerEpoch: settings.stepsPerEpoch(of: trainingCount),
      makeOptimizer: settings.makeOptimizer))
  let trainer = Trainer(
    program, on: samples, settings: epochs > 0 ? settings.constant(for: epochs) : settings,
    then: epochs > 0 ? settings : nil, seed: seed, moments: settings.checkpoints, observers: observers)
  return try trainer.run(tell)
}
