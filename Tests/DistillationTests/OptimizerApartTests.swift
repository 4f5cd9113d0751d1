import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("A program with the distillation-oriented optimiser")
struct OptimizerApartTests {
  private func program(
    _ student: any Network, terms names: [String] = ["kd"], clipNorm: Float? = nil,
    _ make: @escaping ([Parameter]) -> any Optimizer
  ) throws -> JointProgram {
    let teacher = try network("resnet8", seed: 2)
    let terms = try names.map { name in
      JointProgram.Term(
        name: name,
        method: try MethodRegistry.make(
          name, name == "feature-l2" ? ["layers": .list([.text("layer1")])] : [:], setup(student, teacher)),
        weight: 0.9)
    }
    return JointProgram(
      student: student, teacher: teacher, labelWeight: 0.3, terms: terms, clipNorm: clipNorm, makeOptimizer: make)
  }

  private func trained(_ delta: Float?, steps: Int, clipNorm: Float? = nil) throws -> [Float] {
    let student = try network("resnet8", seed: 1)
    let program = try program(student, clipNorm: clipNorm) { parameters in
      let group = ParameterGroup(parameters, weightDecay: 1e-2)
      guard let delta else { return SGD([group], momentum: 0.8) }
      return DOT([group], momentum: 0.8, delta: delta)
    }
    for step in 0..<steps {
      _ = try program.step(
        batch(6, seed: 6), TrainingClock(step: step, epochs: 1, stepsPerEpoch: steps), learningRate: 0.05,
        random: Philox(seed: UInt64(step)))
    }
    return student.trainableParameters.flatMap { $0.tensor.floats }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } }

  @Test("is SGD's where both have the same momentum, clipped or not", arguments: [nil, 0.5 as Float])
  func same(_ clipNorm: Float?) throws {
    // Weights of size 0.3; four steps of sums in another order. No ReLU of these images lies so near 0 that the order
    // decides its side, with one thread or two.
    #expect(
      distance(try trained(0, steps: 4, clipNorm: clipNorm), try trained(nil, steps: 4, clipNorm: clipNorm)) < 2e-6)
  }

  @Test("begins like SGD and goes another way from the second step on")
  func apart() throws {
    #expect(distance(try trained(0.15, steps: 1), try trained(nil, steps: 1)) < 2e-6)
    #expect(distance(try trained(0.15, steps: 2), try trained(nil, steps: 2)) > 1e-4)
  }

  @Test("keeps what one loss alone reaches in that loss's buffer")
  func reach() throws {
    let student = try network("cnn2", seed: 1)
    let teacher = try network("resnet8", seed: 2)
    let method = try MethodRegistry.make(
      "feature-l2", ["layers": .list([.text("conv1"), .text("layer1")])],
      setup(student, teacher))
    let program = JointProgram(
      student: student, teacher: teacher, labelWeight: 1, terms: [.init(name: "feature-l2", method: method, weight: 1)]
    ) { DOT([ParameterGroup($0)]) }
    _ = try program.step(batch(4), clock, learningRate: 0.05, random: Philox(seed: 1))
    let isUsed = Dictionary(
      uniqueKeysWithValues: program.state.map { ($0.name, $0.tensor.floats.contains { $0 != 0 }) })
    let parameters = student.trainableParameters
    let first = try #require(parameters.firstIndex { $0 === student.namedParameters.first?.parameter })
    let last = try #require(parameters.indices.last)
    #expect(isUsed["optimizer.task.\(first)"] == true && isUsed["optimizer.distillation.\(first)"] == true)
    #expect(isUsed["optimizer.task.\(last)"] == true && isUsed["optimizer.distillation.\(last)"] == false)
    for place in parameters.count..<parameters.count + method.parameters.count {
      #expect(isUsed["optimizer.task.\(place)"] == false && isUsed["optimizer.distillation.\(place)"] == true)
    }
  }
}
