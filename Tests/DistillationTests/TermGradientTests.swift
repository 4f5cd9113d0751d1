import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("Gradients of terms")
struct TermGradientTests {
  private func program(
    gradientSteps: Int, _ student: any Network, _ teacher: any Network, methods: [String] = ["kd"],
    temperature: Double = 4
  ) throws -> JointProgram {
    let terms = try methods.map { name in
      JointProgram.Term(
        name: name,
        method: try MethodRegistry.make(
          name, name == "kd" ? ["temperature": .number(temperature)] : [:], setup(student, teacher)),
        weight: 0.9)
    }
    return JointProgram(
      student: student, teacher: teacher, labelWeight: 0.3, terms: terms, clipNorm: 3, gradientSteps: gradientSteps
    ) { SGD([ParameterGroup($0, weightDecay: 1e-3)], momentum: 0.9) }
  }

  @Test("have the cosines and norms of PyTorch in float64, together and by stage", .tags(.golden))
  func golden() throws {
    let recorded = try #require(try Golden.cases("term-gradients").first)
    let (student, teacher) = (try network("cnn2", seed: 1), try network("cnn2", seed: 2))
    for (role, network) in [("student", student), ("teacher", teacher)] {
      for (name, parameter) in network.namedParameters {
        let stored = try recorded.stored("\(role).\(name)")
        parameter.assign(Tensor(try stored.floats(), shape: Shape(stored.shape)))
      }
    }
    let pixels = try recorded.stored("images")
    let (values, shape) = movedChannels(try pixels.floats(), pixels.shape)
    let batch = Batch(
      images: Tensor(values, shape: Shape(shape)), labels: (0..<shape[0]).map { $0 % 10 },
      indices: Array(0..<shape[0]))
    let program = try program(
      gradientSteps: 1, student, teacher, temperature: try recorded.number("temperature"))
    let losses = try program.step(batch, clock, learningRate: 0.1, random: Philox(seed: 1))
    try expectClose(losses, recorded.stored("values").doubles(), relative: 1e-5, absolute: 0)
    let found = program.takeTermGradients()
    #expect(try found.map(\.group) == recorded.texts("groups"))
    #expect(
      found.allSatisfy { $0.term == "kd" && $0.steps == 1 && $0.weightRatio == Double(Float(0.9)) / Double(Float(0.3)) }
    )
    let numbers = found.flatMap { [$0.cosine ?? .nan, $0.norm, $0.labelNorm] }
    // Gradients are sums of thousands of products in single precision: 1e-5 of their size; a cosine has size 1.
    try expectClose(
      numbers.map(Float.init), recorded.stored("gradients").doubles(), relative: 2e-5, absolute: 2e-5,
      shape: [found.count, 3])
    #expect(program.takeTermGradients().isEmpty)
  }

  @Test("change no weight, statistic or state by a bit, whatever the number of measured steps", arguments: [1, 2, 7])
  func sameBits(_ count: Int) throws {
    func trained(_ gradientSteps: Int) throws -> ([[UInt32]], [[UInt32]], Int) {
      let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet14", seed: 2))
      let program = try program(gradientSteps: gradientSteps, student, teacher, methods: ["kd", "feature-l2"])
      var measured = 0
      for index in 0..<6 {
        _ = try program.step(
          batch(4, seed: UInt64(index)), TrainingClock(step: index, epochs: 2, stepsPerEpoch: 3), learningRate: 0.05,
          random: Philox(seed: UInt64(index)))
        measured += program.takeTermGradients().isEmpty ? 0 : 1
      }
      func bits(_ tensors: [Tensor]) -> [[UInt32]] { tensors.map { $0.floats.map(\.bitPattern) } }
      return (bits(student.namedParameters.map(\.parameter.tensor)), bits(program.state.map(\.tensor)), measured)
    }
    let (plain, measured) = (try trained(0), try trained(count))
    #expect(plain.0 == measured.0)
    #expect(plain.1 == measured.1)
    #expect(plain.2 == 0)
    #expect(measured.2 == 2 * min(3, count))
  }

  @Test("of the label term itself would be the same: a term equal to the labels has cosine 1 and ratio 1")
  func same() throws {
    let (student, teacher) = (try network("cnn2", seed: 1), try network("cnn2", seed: 2))
    // A teacher that is sure of the labels, at temperature 1: softened logits are then the cross-entropy.
    let images = batch(5)
    let head = try #require(teacher.namedParameters.first { $0.name == "fc.weight" }?.parameter)
    let bias = try #require(teacher.namedParameters.first { $0.name == "fc.bias" }?.parameter)
    head.tensor.mutate { values in for i in values.indices { values[i] = 0 } }
    bias.tensor.mutate { values in for i in values.indices { values[i] = i == 3 ? 60 : 0 } }
    let program = try program(gradientSteps: 1, student, teacher, temperature: 1)
    let alike = Batch(images: images.images, labels: Array(repeating: 3, count: 5), indices: images.indices)
    _ = try program.step(alike, clock, learningRate: 0, random: Philox(seed: 1))
    let all = try #require(program.takeTermGradients().first)
    #expect(abs((all.cosine ?? 0) - 1) < 1e-6)
    #expect(abs((all.normRatio ?? 0) - 1) < 1e-5)
  }

  @Test("have no cosine in weights behind the feature that a term compares")
  func behind() throws {
    let (student, teacher) = (try network("resnet8", seed: 1), try network("resnet8", seed: 2))
    let program = try program(gradientSteps: 1, student, teacher, methods: ["feature-l2"])
    _ = try program.step(batch(4), clock, learningRate: 0, random: Philox(seed: 1))
    let found = program.takeTermGradients()
    let head = try #require(found.first { $0.group == "fc" })
    #expect(head.cosine == nil && head.norm == 0 && head.normRatio == 0 && head.labelNorm > 0)
    #expect(found.first { $0.group == "conv1" }?.cosine != nil)
    #expect(found.map(\.group) == ["all", "conv1", "bn1", "layer1", "layer2", "layer3", "fc"])
  }
}
