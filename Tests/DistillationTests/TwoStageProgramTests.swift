import Distillation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("A two-stage program")
struct TwoStageProgramTests {
  private let images = batch(8)

  private func term(_ layer: String, _ student: any Network, _ teacher: any Network) throws -> JointProgram.Term {
    let options: [String: OptionValue] = ["layers": .list([.text(layer)]), "position": .text("before-relu")]
    return JointProgram.Term(
      name: "feature-l2", method: try MethodRegistry.make("feature-l2", options, setup(student, teacher)), weight: 2)
  }

  private func program(
    _ student: any Network, _ teacher: any Network, layer: String = "conv3", featureSteps: Int = 3
  ) throws -> TwoStageProgram {
    try TwoStageProgram(
      student: student, teacher: teacher, terms: [term(layer, student, teacher)], featureSteps: featureSteps,
      at: "r.yaml:1:1"
    ) { SGD([ParameterGroup($0, weightDecay: 0.01)], momentum: 0.9) }
  }

  private func step(_ program: TwoStageProgram, _ number: Int, labels: [Int]? = nil) throws -> [Float] {
    try program.step(
      Batch(images: images.images, labels: labels ?? images.labels, indices: images.indices),
      TrainingClock(step: number, epochs: 6, stepsPerEpoch: 1), learningRate: 0.05,
      random: Philox(seed: 1).split(.dropout, number))
  }

  private func values(_ parameters: [Parameter]) -> [[Float]] { parameters.map(\.tensor.floats) }

  @Test("moves in stage one what lies before the distilled layer, in stage two what lies behind it, and no more")
  func parts() throws {
    let (student, teacher) = (try network("cnn6", seed: 1), try network("cnn6", seed: 2))
    let program = try program(student, teacher)
    let parts = student.parameters(dividedAt: "conv3")
    var (before, after) = (values(parts.before), values(parts.after))
    for number in 0..<3 { _ = try step(program, number) }
    #expect(zip(values(parts.before), before).allSatisfy { $0 != $1 })
    #expect(values(parts.after) == after)
    (before, after) = (values(parts.before), values(parts.after))
    for number in 3..<6 { _ = try step(program, number) }
    // Statistics too, before and behind.
    #expect(values(parts.before) == before)
    #expect(zip(values(parts.after), after).allSatisfy { $0 != $1 })
  }

  @Test("learns the classifier from both labels of mixed images, in their shares")
  func mixtures() throws {
    func trained(_ mixture: LabelMixture?, labels: [Int]) throws -> [[Float]] {
      let (student, teacher) = (try network("cnn4", seed: 1), try network("cnn4", seed: 2))
      let program = try program(student, teacher)
      _ = try program.step(
        Batch(images: images.images, labels: labels, indices: images.indices, mixture: mixture),
        TrainingClock(step: 4, epochs: 6, stepsPerEpoch: 1), learningRate: 0.05, random: Philox(seed: 1))
      return values(student.namedParameters.map(\.parameter))
    }
    let others = images.labels.map { ($0 + 1) % 10 }
    func mixed(_ share: Float) -> LabelMixture { LabelMixture(labels: others, shares: others.map { _ in share }) }
    let plain = try trained(nil, labels: images.labels)
    #expect(try trained(mixed(1), labels: images.labels) == plain)
    #expect(try trained(mixed(0.6), labels: images.labels) != plain)
    // The second label alone, from the other side.
    let swapped = LabelMixture(labels: images.labels, shares: others.map { _ in 0.5 })
    let (one, other) = (try trained(mixed(0.5), labels: images.labels), try trained(swapped, labels: others))
    for (a, b) in zip(one.joined(), other.joined()) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("takes no notice of labels in stage one, and of the teacher in stage two")
  func knowledge() throws {
    func trained(labels: [Int]?, teacherSeed: UInt64, steps: Range<Int>) throws -> [[Float]] {
      let (student, teacher) = (try network("cnn4", seed: 1), try network("cnn4", seed: teacherSeed))
      let program = try program(student, teacher)
      for number in steps { _ = try step(program, number, labels: labels) }
      return values(student.namedParameters.map(\.parameter))
    }
    let other = images.labels.map { ($0 + 1) % 10 }
    #expect(
      try trained(labels: nil, teacherSeed: 2, steps: 0..<3) == trained(labels: other, teacherSeed: 2, steps: 0..<3))
    #expect(
      try trained(labels: nil, teacherSeed: 2, steps: 0..<3) != trained(labels: nil, teacherSeed: 3, steps: 0..<3))
    #expect(
      try trained(labels: nil, teacherSeed: 2, steps: 3..<5) == trained(labels: nil, teacherSeed: 3, steps: 3..<5))
    #expect(
      try trained(labels: nil, teacherSeed: 2, steps: 3..<5) != trained(labels: other, teacherSeed: 2, steps: 3..<5))
  }

  @Test("reports the terms of its stage, before their weights; the others are no numbers")
  func terms() throws {
    let (student, teacher) = (try network("cnn4", seed: 1), try network("cnn4", seed: 2))
    let program = try program(student, teacher)
    #expect(program.termNames == ["labels", "feature-l2"])
    let point = FeaturePoint("conv3", preActivation: true)
    let pass = ForwardPass(.training, features: [point], updatesStatistics: false)
    _ = student(images.images, pass)
    let expected = meanSquaredError(pass.feature(point), teacher.feature(point, of: images.images)).item
    let first = try step(program, 0)
    #expect(first[0].isNaN)
    expectClose([first[1]], [Double(expected)], relative: 1e-5, absolute: 0)
    let later = try step(program, 3)
    #expect(later[0].isFinite && later[1].isNaN)
    #expect(
      [0, 2, 3].map { program.stage(at: TrainingClock(step: $0, epochs: 6, stepsPerEpoch: 1)) }
        == ["features", "features", "classifier"])
  }

  @Test("counts and restores the steps of both optimisers, under names that do not clash")
  func steps() throws {
    let program = try program(try network("cnn4", seed: 1), try network("cnn4", seed: 2))
    for number in 0..<5 { _ = try step(program, number) }
    #expect(program.steps == 5)
    let other = try self.program(try network("cnn4", seed: 1), try network("cnn4", seed: 2))
    other.steps = 5
    #expect(other.steps == 5)
    let names = program.state.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("features.optimizer.velocity.0") && names.contains("classifier.optimizer.velocity.0"))
  }

  @Test("has nothing left to train behind the logits")
  func logits() throws {
    func narrow(_ seed: UInt64) throws -> any Network {
      let options: [String: OptionValue] = ["width": .number(0.0625), "hidden": .number(8)]
      return try ModelCatalog.build(ModelSpecification("vgg11", classes: 10, options: options), seed: seed)
    }
    let student = try narrow(1)
    #expect(TwoStageProgram.hasClassifier(behind: "fc2", of: student))
    #expect(!TwoStageProgram.hasClassifier(behind: "fc3", of: student))
    let method = try term("fc3", student, try narrow(2)).method
    #expect(try TwoStageProgram.distilledLayer(of: student, [method], at: "r.yaml:1:1") == "fc3")
  }

  @Test("refuses a method that learns from logits")
  func kd() throws {
    let (student, teacher) = (try network("cnn4", seed: 1), try network("cnn4", seed: 2))
    let method = try MethodRegistry.make("kd", [:], setup(student, teacher))
    let error = #expect(throws: InputError.self) {
      _ = try TwoStageProgram.distilledLayer(of: student, [method], at: "r.yaml:1:1")
    }
    #expect(
      error?.description
        == "r.yaml:1:1: kd learns from logits, and a two-stage student learns features first; use feature-l2, or "
        + "schedule: joint")
  }
}
