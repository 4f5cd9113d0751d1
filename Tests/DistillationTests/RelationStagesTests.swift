import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// What relations do beside one loss: stages before the training, and further teachers.
@Suite("A relation with stages or further teachers")
struct RelationStagesTests {
  private let planned = 0.5

  /// The program of one method, two steps in each epoch.
  private func program(_ name: String, _ options: [String: OptionValue], _ student: any Network) throws
    -> PreparedProgram
  {
    let teacher = try network("cnn4", seed: 2)
    let term = JointProgram.Term(
      name: name, method: try MethodRegistry.make(name, options, setup(student, teacher)), weight: 1)
    let joint = JointProgram(student: student, teacher: teacher, labelWeight: 0, terms: [term]) {
      SGD([ParameterGroup($0)], momentum: 0.9)
    }
    return PreparedProgram(joint, stepsPerEpoch: 2) { SGD([ParameterGroup($0)], momentum: 0.9) }
  }

  private func values(_ network: any Network) -> [[Float]] {
    network.namedParameters.map { $0.parameter.tensor.floats }
  }

  @Test("trains the teacher's head of sskd at a rate that falls twice, then the student with the head of its own")
  func headRates() throws {
    let options: [String: OptionValue] = ["head-epochs": .number(4), "head-rate": .number(0.1)]
    let student = try network("cnn2", seed: 1)
    let program = try program("sskd", options, student)
    #expect(program.view == .rotations)
    let clocks = (0..<12).map { TrainingClock(step: $0, epochs: 6, stepsPerEpoch: 2) }
    let rates = clocks.map { program.learningRate(at: $0, planned: planned) }
    let expected = [0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001, 0.5, 0.5, 0.5, 0.5]
    #expect(zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(program.stage(at: clocks[7]) == "sskd teacher-head")
    #expect(program.stage(at: clocks[8]) == PreparedProgram.jointStageName)

    let (images, start) = (batch(16), values(student))
    func head(_ side: String) -> [[Float]] {
      program.state.filter { $0.name.hasPrefix("sskd.head.\(side)") }.map { $0.tensor.floats }
    }
    let (own, other) = (head("student"), head("teacher"))
    #expect(own.count == 4 && other.count == 4)
    // Four images, each shown four times.
    let turned = Batch(images: images.images, labels: [0, 1, 2, 3], indices: [0, 1, 2, 3])
    let stage = try program.step(turned, clocks[0], learningRate: 0.1, random: Philox(seed: 7))
    #expect(stage[2] > 0 && stage[1].isNaN)
    #expect(values(student) == start && head("student") == own && head("teacher") != other)
    let trained = head("teacher")
    let joint = try program.step(turned, clocks[8], learningRate: 0.1, random: Philox(seed: 7))
    #expect(joint[1] > 0 && joint[2].isNaN)
    #expect(values(student) != start && head("student") != own && head("teacher") == trained)
  }

  @Test("makes the auxiliary teacher of information flow from the teacher, while the student waits")
  func auxiliaryTeacher() throws {
    let student = try network("cnn2", seed: 1)
    let program = try program("pkt-hierarchical", ["auxiliary-epochs": .number(5)], student)
    let (images, start) = (batch(8), values(student))
    func auxiliary() -> [[Float]] {
      program.state.filter { $0.name.hasPrefix("pkt-hierarchical.auxiliary.") }.map { $0.tensor.floats }
    }
    let (before, count) = (auxiliary(), student.namedParameters.count)
    #expect(before.count == count && before != start)
    let losses = try (0..<10).map { step in
      let clock = TrainingClock(step: step, epochs: 6, stepsPerEpoch: 2)
      return try program.step(images, clock, learningRate: 0.01, random: Philox(seed: 7))
    }
    // The stage's own term is the last; labels and the joint term take no part.
    #expect(losses.allSatisfy { $0.count == 3 && $0[0].isNaN && $0[1].isNaN })
    #expect(losses[9][2] < 0.8 * losses[0][2])
    #expect(values(student) == start)
    let made = auxiliary()
    #expect(made != before)
    let joint = try program.step(
      images, TrainingClock(step: 10, epochs: 6, stepsPerEpoch: 2), learningRate: 0.01, random: Philox(seed: 7))
    #expect(joint[1] > 0 && joint[2].isNaN)
    #expect(values(student) != start && auxiliary() == made)
  }

  @Test("reads further teachers and weighs all of them by their importances")
  func furtherTeachers() throws {
    let student = try network("cnn2", seed: 1)
    let teachers = [try network("cnn4", seed: 2), try network("resnet8", seed: 3)]
    func made(_ options: [String: OptionValue], _ teacher: any Network) throws -> any DistillationMethod {
      let setup = MethodSetup(
        student: student, teacher: teacher, initialiser: Initialiser(seed: 3), trainingLabels: [], batchSize: 8,
        place: "r.yaml:5:3"
      ) { path in
        guard path == "other.safetensors" else { throw InputError(path, "no such file", remedy: "name one") }
        return teachers[1]
      }
      return try MethodRegistry.make(
        "multi-teacher-graph", options.merging(["representation-weight": .number(0)]) { $1 }, setup)
    }
    func value(_ options: [String: OptionValue], _ teacher: any Network) throws -> Float {
      let method = try made(options, teacher)
      return method.loss(method.step(student, teacher, batch(4))).item
    }
    let further: OptionValue = .list([.text("other.safetensors")])
    let alone = try teachers.map { try value(["importances": .list([.number(1)])], $0) }
    let both = try value(
      ["further-teachers": further, "importances": .list([.number(1), .number(3)])], teachers[0])
    #expect(abs(both - (0.25 * alone[0] + 0.75 * alone[1])) < 1e-6)
    let learned = try made(["further-teachers": further], teachers[0])
    #expect(
      learned.parameters.map(\.name) == [
        "maps.0.weight", "maps.0.bias", "maps.1.weight", "maps.1.bias", "importance",
      ])
    let slopes = gradients(
      of: learned.loss(learned.step(student, teachers[0], batch(4))), with: [learned.parameters[4].parameter.tensor])
    #expect(norm(slopes) > 0)
    let error = #expect(throws: InputError.self) {
      try made(["further-teachers": further, "importances": .list([.number(1)])], teachers[0])
    }
    #expect(
      error?.description == "r.yaml:5:3: importances is [1]; "
        + "give a number above 0 for each of the 2 teachers, the recipe's first")
  }
}
