import Distillation
import Models
import NeuralNetworks
import Support
import Tensors

/// Times the training step of every method beside that of plain KD, alternately, on the networks of the usual tables:
/// ResNet-20 taught by ResNet-56, 100 classes, random images of 32×32.
public struct MethodBenchmark {
  /// What was measured of one method.
  public struct Row: Sendable {
    /// Name of the method; `labels` for a training without a teacher.
    public let method: String
    /// Its steps.
    public let steps: Durations
    /// Steps of plain KD between them.
    public let reference: Durations
    /// Bytes of all tensors that a step makes.
    public let bytes: Int
    /// The same of a step of plain KD.
    public let referenceBytes: Int

    /// The method's time over plain KD's, by medians of steps in turn.
    public var ratio: Double { steps.median / reference.median }

    /// The bytes of the method's tensors over plain KD's.
    public var bytesRatio: Double { Double(bytes) / Double(referenceBytes) }
  }

  /// A training without a teacher, for scale.
  public static let labels = "labels"

  /// Images in a step.
  public var batch = 64
  /// Turns of each method and plain KD.
  public var rounds = 5
  /// Steps in each turn.
  public var steps = 3
  /// Names of methods; empty for all, and for the labels alone.
  public var methods: [String] = []

  /// The defaults.
  public init() {}

  /// Measures.
  ///
  /// - Parameter advanced: is told the share that is done and the method, and may stop the work by throwing.
  /// - Returns: in the order of the registry.
  /// - Throws: ``InputError`` for a name that is no method; what `advanced` throws.
  public func run(_ advanced: (Double, String) throws -> Void) throws -> [Row] {
    let teacher = try teacher()
    let known = [MethodBenchmark.labels] + MethodRegistry.entries.map(\.name)
    if let wrong = methods.first(where: { !known.contains($0) }) {
      throw InputError("--method", "there is no method '\(wrong)'", remedy: nearest(wrong, in: known))
    }
    let names = methods.isEmpty ? known : methods
    let reference = try work("kd", teacher)
    try reference()
    let referenceBytes = try bytesMade(by: reference)
    return try names.enumerated().map { index, name in
      try advanced(Double(index) / Double(names.count), name)
      var row = (own: Durations(), reference: Durations())
      let work = try work(name, teacher)
      try work()
      let bytes = try bytesMade(by: work)
      for round in 0..<rounds {
        // The first step of a turn warms the caches that the other has filled.
        try reference()
        for _ in 0..<steps { try row.reference.time(reference) }
        try work()
        for _ in 0..<steps { try row.own.time(work) }
        try advanced((Double(index) + Double(round + 1) / Double(rounds)) / Double(names.count), name)
      }
      return Row(
        method: name, steps: row.own, reference: row.reference, bytes: bytes, referenceBytes: referenceBytes)
    }
  }

  /// Of a step that is not the first, which makes the optimiser's state too.
  private func bytesMade(by work: () throws -> Void) rethrows -> Int {
    let before = StoragePool.bytesHandedOut
    try work()
    return StoragePool.bytesHandedOut - before
  }

  private func teacher() throws -> any Network {
    let teacher = try ModelCatalog.build(specification("resnet56"), seed: 2)
    teacher.freeze()
    return teacher
  }

  /// Lets a random network answer with its first class, whatever it is shown.
  private func favourFirstClass(_ network: any Network) {
    network.namedParameters.last { $0.name.hasSuffix(".bias") }?.parameter.tensor.mutate { $0[0] += 1e6 }
  }

  private func specification(_ name: String) -> ModelSpecification { ModelSpecification(name, classes: 100) }

  /// One step of a method, ready to be taken.
  private func work(_ name: String, _ teacher: any Network) throws -> () throws -> Void {
    let student = try ModelCatalog.build(specification("resnet20"), seed: 1)
    // The attack of bss moves images of which both networks are right.
    let isAttacked = name == BSS.entry.name
    var teacher = teacher
    if isAttacked {
      teacher = try self.teacher()
      for network in [student, teacher] { favourFirstClass(network) }
    }
    func optimizer(_ parameters: [Parameter]) -> any Optimizer {
      SGD([ParameterGroup(parameters, weightDecay: 5e-4)], momentum: 0.9, nesterov: true)
    }
    let program: any TrainingProgram
    if name == MethodBenchmark.labels {
      program = JointProgram(student: student, makeOptimizer: optimizer)
    } else {
      let setup = MethodSetup(
        student: student, teacher: teacher, initialiser: Initialiser(seed: 3),
        trainingLabels: (0..<50_000).map { $0 % 100 }, batchSize: batch, place: name)
      // Neither weight nor rate changes the time of a step; at a rate of 0 random networks stay finite.
      let method = try MethodRegistry.make(name, [:], setup)
      let frame = ProgramFrame(student: student, labelWeight: 1, weight: 1e-3, makeOptimizer: optimizer)
      let term = JointProgram.Term(name: name, method: method, weight: 1e-3)
      program =
        try method.ownProgram(frame)
        ?? JointProgram(student: student, teacher: teacher, terms: [term], makeOptimizer: optimizer)
    }
    let images = images()
    let isTurned = program.view == .rotations
    let batch = Batch(
      images: isTurned ? concatenated([images, images, images, images], alongAxis: 0) : images,
      labels: (0..<batch).map { isAttacked ? 0 : $0 % 100 },
      indices: Array(0..<batch), secondImages: program.view.isDouble ? images : nil)
    var step = 1
    return {
      let clock = TrainingClock(step: step, epochs: 240, stepsPerEpoch: 782)
      _ = try program.step(
        batch, clock, learningRate: 0, random: Philox(seed: 1).split(.dropout, step))
      step += 1
    }
  }

  private func images() -> Tensor { .normal([batch, 32, 32, 3], Philox(seed: 5)) }
}
