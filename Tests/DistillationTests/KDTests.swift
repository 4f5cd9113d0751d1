import Distillation
import Foundation
import Models
import Support
import Tensors
import TestSupport
import Testing

@Suite("kd")
struct KDTests {
  static let cases = [1, 4, 20].flatMap { temperature in
    ["", "-extreme", "-one-row"].map { (name: "softened-divergence-T\(temperature)\($0)", temperature: temperature) }
  }

  @Test("has the value and the gradient of PyTorch in float64", .tags(.golden), arguments: cases)
  func golden(_ name: String, _ temperature: Int) throws {
    let file = try Golden.load("losses")
    let values = try ["input.0", "input.1", "output", "upstream", "gradient.0"].map { part in
      try #require(file["\(name)/\(part)"])
    }
    let student = try Tensor(values[0].floats(), shape: Shape(values[0].shape))
    let teacher = try Tensor(values[1].floats(), shape: Shape(values[1].shape))
    student.setRequiresGradient(true)
    let network = FeatureNetwork(["fc": [10]])
    let method = try MethodRegistry.make("kd", ["temperature": .number(Double(temperature))], setup(network, network))
    let loss = method.loss(
      KnowledgeStep(
        student: network, teacher: network, batch: batch(student.shape[0]), clock: clock, studentLogits: student,
        teacherLogits: teacher, studentPass: .init(.training), teacherPass: .init(.evaluation),
        random: Philox(seed: 1)))
    // Single precision throughout; T² = 400 stretches the rounding of the logarithms of 10 probabilities.
    let rounding = Double(temperature * temperature) * 1e-7
    try expectClose([loss.item], values[2].doubles(), relative: 1e-5, absolute: 4 * rounding)
    let gradient = gradients(of: loss * (try values[3].floats()[0]), with: [student])[0]
    try expectClose(
      gradient.floats, values[4].doubles(), relative: 1e-5, absolute: rounding, shape: student.shape.dimensions)
  }

  @Test("refuses networks of different classes with both numbers")
  func classes() {
    let (student, teacher) = (FeatureNetwork(["fc": [10]]), FeatureNetwork(["fc": [7]], classes: 7))
    #expect(
      throws: InputError(
        "r.yaml:5:3", "kd compares logits, but the teacher has 7 classes and the student 10",
        remedy: "train both on the same classes")
    ) { try MethodRegistry.make("kd", [:], setup(student, teacher)) }
  }

  @Test("takes a temperature in its range only", arguments: [0, -1, 0.01, 1001, Double.nan])
  func temperature(_ value: Double) {
    let network = FeatureNetwork(["fc": [10]])
    let error = #expect(throws: InputError.self) {
      try MethodRegistry.make("kd", ["temperature": .number(value)], setup(network, network))
    }
    #expect(error?.description.hasSuffix("; it takes a number from 0.05 to 1000") == true)
  }
}
