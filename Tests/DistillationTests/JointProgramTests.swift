import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("A joint program")
struct JointProgramTests {
  private let images = batch(8)

  private func program(
    _ weights: [String: Float], labels: Float = 1, student: any Network, teacher: any Network, decay: Float = 0
  ) throws -> JointProgram {
    let terms = try weights.sorted { $0.key < $1.key }.map { name, weight in
      JointProgram.Term(
        name: name, method: try MethodRegistry.make(name, [:], setup(student, teacher)), weight: weight)
    }
    return JointProgram(student: student, teacher: teacher, labelWeight: labels, terms: terms) { parameters in
      SGD([ParameterGroup(parameters, weightDecay: decay)])
    }
  }

  private func step(_ program: JointProgram, rate: Float) throws -> [Float] {
    try program.step(images, clock, learningRate: rate, random: Philox(seed: 1))
  }

  @Test("reports each term by itself, before its weight")
  func terms() throws {
    let teacher = try network("resnet8", seed: 2)
    func values(_ weights: [String: Float], labels: Float) throws -> [String: Float] {
      let student = try network("resnet8", seed: 1)
      let program = try program(weights, labels: labels, student: student, teacher: teacher)
      return Dictionary(uniqueKeysWithValues: zip(program.termNames, try step(program, rate: 0.1)))
    }
    let all = try values(["kd": 0.9, "feature-l2": 5], labels: 0.1)
    #expect(all.keys.sorted() == ["feature-l2", "kd", "labels"])
    #expect(Set(all.values).count == 3)
    #expect(try values(["kd": 7], labels: 0)["kd"] == all["kd"])
    #expect(try values(["feature-l2": 0.01], labels: 3)["feature-l2"] == all["feature-l2"])
    #expect(try values([:], labels: 1)["labels"] == all["labels"])
    // The labels' own value, computed apart.
    let student = try network("resnet8", seed: 1)
    let logits = student(images.images, ForwardPass(.training))
    #expect(all["labels"] == crossEntropy(logits, images.labels).item)
  }

  @Test("steps along the weighted sum of the terms' gradients")
  func update() throws {
    let teacher = try network("resnet8", seed: 2)
    func moved(_ weights: [String: Float], labels: Float) throws -> [Double] {
      let student = try network("resnet8", seed: 1)
      let before = student.trainableParameters.flatMap { $0.tensor.floats }
      _ = try step(try program(weights, labels: labels, student: student, teacher: teacher), rate: 1)
      return zip(student.trainableParameters.flatMap { $0.tensor.floats }, before).map { Double($0) - Double($1) }
    }
    let parts = [try moved([:], labels: 1), try moved(["kd": 1], labels: 0), try moved(["feature-l2": 1], labels: 0)]
    let whole = try moved(["kd": 0.25, "feature-l2": 2], labels: 0.5)
    let expected = whole.indices.map { 0.5 * parts[0][$0] + 0.25 * parts[1][$0] + 2 * parts[2][$0] }
    let size = whole.reduce(0) { max($0, abs($1)) }
    #expect(size > 1e-3)
    // Weights of size 1 are kept to 6e-8, and each of four steps rounds once.
    expectClose(whole.map(Float.init), expected, relative: 1e-4, absolute: 1e-6 + 1e-5 * size)
  }

  @Test("leaves weights, statistics and mode of the teacher as they were")
  func teacher() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
    let before = teacher.namedParameters.map(\.parameter.tensor.floats)
    let logits = teacher.logits(images.images).floats
    let program = try program(["kd": 1, "feature-l2": 1], student: student, teacher: teacher, decay: 0.1)
    for _ in 0..<3 { _ = try step(program, rate: 0.1) }
    #expect(teacher.namedParameters.map(\.parameter.tensor.floats) == before)
    #expect(teacher.logits(images.images).floats == logits)
    #expect(teacher.trainableParameters.allSatisfy { !$0.tensor.requiresGradient })
    #expect(student.trainableParameters.allSatisfy { $0.tensor.requiresGradient })
  }

  @Test("trains a projection with the student and keeps it in its state")
  func projection() throws {
    let (student, teacher) = (try network("cnn2", seed: 1), try network("resnet8", seed: 2))
    let method = try MethodRegistry.make(
      "feature-l2", ["layers": .list([.text("conv2"), .text("layer2")])], setup(student, teacher))
    let program = JointProgram(
      student: student, teacher: teacher, terms: [.init(name: "feature-l2", method: method, weight: 1)]
    ) { SGD([ParameterGroup($0)], momentum: 0.9) }
    let before = method.parameters[0].parameter.tensor.floats
    let first = try step(program, rate: 0.1)
    #expect(method.parameters[0].parameter.tensor.floats != before)
    for _ in 0..<10 { _ = try step(program, rate: 0.1) }
    #expect(try step(program, rate: 0)[1] < first[1])
    let names = program.state.map(\.name)
    #expect(names.contains("feature-l2.projection.weight") && Set(names).count == names.count)
    // The deployed network has no part of it.
    #expect(!student.namedParameters.contains { $0.name.contains("projection") })
  }

  @Test(
    "stops at the term that is not a number, or whose gradient is not, and changes no weight",
    arguments: [
      ("labels", "fc.bias", "labels + kd"), ("kd", "fc.bias", "kd"), ("labels", "conv1.weight", "labels + kd"),
    ])
  func notANumber(_ broken: String, _ weight: String, _ term: String) throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let network = broken == "labels" ? student : teacher
    let parameter = try #require(network.namedParameters.first { $0.name == weight }?.parameter)
    parameter.tensor.mutate { $0[0] = .nan }
    let program = try program(["kd": 1], student: student, teacher: teacher)
    func bits() -> [[UInt32]] { student.trainableParameters.map { $0.tensor.floats.map(\.bitPattern) } }
    let before = bits()
    let error = #expect(throws: NonFiniteTerm.self) { _ = try step(program, rate: 0.1) }
    #expect(error?.term == term)
    // Behind the first convolution a ReLU makes 0 of NaN: only the way back shows it.
    #expect((error?.weight == nil) == (weight == "fc.bias"))
    #expect(bits() == before)
  }

  @Test("needs a teacher for its terms")
  func noTeacher() async {
    await #expect(processExitsWith: .failure) {
      let student = try network("cnn2", seed: 1)
      let method = try MethodRegistry.make("kd", [:], setup(student, student))
      _ = JointProgram(student: student, terms: [.init(name: "kd", method: method, weight: 1)]) {
        SGD([ParameterGroup($0)])
      }
    }
  }
}
