import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

/// A method with a stage before the training, for the parts that a test gives it.
private final class Rehearsed: DistillationMethod {
  static let entry = CatalogEntry("rehearsed", "a method of a test", options: [])

  let guess = Parameter(.zeros([1]), .bias)
  private let trainsStudent: Bool
  private(set) var seenLogits: [Shape] = []

  init(_ options: Options, _ setup: MethodSetup) throws { trainsStudent = false }
  init(trainsStudent: Bool) { self.trainsStudent = trainsStudent }

  var studentFeatures: Set<FeaturePoint> { [FeaturePoint("conv1")] }
  var state: [(name: String, tensor: Tensor)] { [("guess", guess.tensor)] }
  func takesPart(at clock: TrainingClock) -> Bool { clock.epoch > 0 }
  func loss(_ step: KnowledgeStep) -> Tensor { step.studentLogits.mean() }

  var preparation: Preparation? {
    Preparation(
      "rehearsal", epochs: 2, trains: trainsStudent ? .student(upTo: "conv1", and: [guess]) : .own([guess]),
      learningRate: 0.25
    ) { [self] step in
      seenLogits.append(step.studentLogits.shape)
      let target = trainsStudent ? step.studentPass.feature(FeaturePoint("conv1")).mean() : Tensor(1)
      return (guess.tensor - target).power(2).sum()
    }
  }
}

@Suite("A program with stages before the training")
struct PreparedProgramTests {
  private let images = batch(8)

  private func program(_ method: Rehearsed, _ student: any Network) throws -> PreparedProgram {
    func optimizer(_ parameters: [Parameter]) -> any Optimizer { SGD([ParameterGroup(parameters, weightDecay: 0)]) }
    let joint = JointProgram(
      student: student, teacher: try network("cnn2", seed: 2),
      terms: [.init(name: "rehearsed", method: method, weight: 1)], makeOptimizer: optimizer)
    return PreparedProgram(joint, stepsPerEpoch: 3, makeOptimizer: optimizer)
  }

  private func step(_ program: PreparedProgram, _ number: Int) throws -> [Float] {
    let clock = TrainingClock(step: number, epochs: 4, stepsPerEpoch: 3)
    let rate = program.learningRate(at: clock, planned: 0.01)
    return try program.step(
      images, clock, learningRate: Float(rate), random: Philox(seed: 1).split(.dropout, number))
  }

  @Test("trains the method's own parts first, and the student does not even run")
  func own() throws {
    let (method, student) = (Rehearsed(trainsStudent: false), try network("cnn2", seed: 1))
    let program = try program(method, student)
    let before = student.namedParameters.map { $0.parameter.tensor.floats }
    #expect(program.termNames == ["labels", "rehearsed", "rehearsed rehearsal"])
    for number in 0..<6 {
      let values = try step(program, number)
      #expect(values[0].isNaN && values[1].isNaN)
      // (1 − g)² at rate ¼ halves the distance in every step.
      #expect(abs(values[2] - Float(sign: .plus, exponent: -2 * number, significand: 1)) < 1e-6)
    }
    #expect(student.namedParameters.map { $0.parameter.tensor.floats } == before)
    #expect(method.seenLogits.allSatisfy { $0 == .scalar })
  }

  @Test("then trains jointly, with a clock of its own, and leaves out a term that takes no part")
  func joint() throws {
    let (method, student) = (Rehearsed(trainsStudent: false), try network("cnn2", seed: 1))
    let program = try program(method, student)
    for number in 0..<6 { _ = try step(program, number) }
    let (first, later) = (try step(program, 6), try step(program, 9))
    #expect(!first[0].isNaN && first[1].isNaN && first[2].isNaN)
    #expect(!later[0].isNaN && !later[1].isNaN && later[2].isNaN)
    #expect(program.stage(at: TrainingClock(step: 5, epochs: 4, stepsPerEpoch: 3)) == "rehearsed rehearsal")
    #expect(program.stage(at: TrainingClock(step: 6, epochs: 4, stepsPerEpoch: 3)) == "distillation")
    #expect(program.steps == 8)
  }

  @Test("trains the student's layers up to a point where the stage says so, and none behind it")
  func student() throws {
    let (method, student) = (Rehearsed(trainsStudent: true), try network("cnn2", seed: 1))
    let program = try program(method, student)
    let parts = student.parameters(dividedAt: "conv1")
    func values(_ list: [Parameter]) -> [[Float]] { list.map(\.tensor.floats) }
    let (before, after) = (values(parts.before), values(parts.after))
    _ = try step(program, 0)
    #expect(values(parts.before) != before && values(parts.after) == after)
  }

  @Test("refuses methods that see different images, with both names")
  func views() throws {
    let (student, teacher) = (try network("cnn2", seed: 1), try network("cnn2", seed: 2))
    let names = MethodRegistry.entries.map(\.name)
    let methods = names.compactMap { try? MethodRegistry.make($0, [:], setup(student, teacher)) }
    guard let turned = methods.first(where: { $0.view == .rotations }),
      let plain = methods.first(where: { $0.view == .ordinary })
    else { return }
    let error = try #require(throws: InputError.self) { try [turned, plain].view(at: "r.yaml:1:1") }
    #expect(
      error.description.contains(type(of: turned).entry.name) && error.description.contains(type(of: plain).entry.name))
  }
}
