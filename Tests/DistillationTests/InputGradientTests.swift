import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

/// Keeps the gradients that it is given.
private final class GradientKeeper: Optimizer {
  let parameters: [Parameter]
  let state: [(name: String, tensor: Tensor)] = []
  var steps = 0
  private(set) var gradients: [Tensor] = []

  init(_ parameters: [Parameter]) { self.parameters = parameters }

  func step(_ gradients: [Tensor], learningRate: Float) { self.gradients = gradients }
}

@Suite("Methods that learn from gradients", .tags(.golden))
struct InputGradientTests {
  static let cases = ((try? Golden.cases("input-gradients")) ?? []).filter { $0.has("value") }

  private let networks: (student: any Network, teacher: any Network)
  private let images: Batch
  private let attack: GoldenCase

  init() throws {
    let all = try Golden.cases("input-gradients")
    let recorded = try #require(all.first { $0.operation == "networks" })
    attack = try #require(all.first { $0.operation == "attack" })
    networks = (try network("cnn2", seed: 1), try network("cnn2", seed: 2))
    for (role, network) in [("student", networks.student), ("teacher", networks.teacher)] {
      for (name, parameter) in network.namedParameters {
        let stored = try recorded.stored("\(role).\(name)")
        parameter.assign(Tensor(try stored.floats(), shape: Shape(stored.shape)))
      }
    }
    let pixels = try recorded.tensor("images", channelsLast: true)
    images = Batch(
      images: pixels, labels: (0..<pixels.shape[0]).map { $0 % 10 }, indices: Array(0..<pixels.shape[0]))
  }

  private func value(_ text: String) -> OptionValue {
    if text.hasPrefix("[") { return .list([.text(String(text.dropFirst().dropLast()))]) }
    return text == "true" ? .flag(true) : Double(text).map { .number($0) } ?? .text(text)
  }

  @Test("have PyTorch's second derivatives in the gradient of a training step", arguments: cases)
  func golden(_ golden: GoldenCase) throws {
    let (student, teacher) = networks
    var options: [String: OptionValue] = [:]
    for text in try golden.texts("options") {
      let parts = text.split(separator: "=").map(String.init)
      options[parts[0]] = value(parts[1])
    }
    let method = try MethodRegistry.make(golden.operation, options, setup(student, teacher))
    var keeper: GradientKeeper?
    let program = JointProgram(
      student: student, teacher: teacher, labelWeight: 0,
      terms: [JointProgram.Term(name: golden.operation, method: method, weight: 1)]
    ) { parameters in
      let made = GradientKeeper(parameters)
      keeper = made
      return made
    }
    let values = try program.step(images, clock, learningRate: 0.1, random: Philox(seed: 1))
    let found = try #require(keeper)
    try expectClose([values[1]], golden.stored("value").doubles(), relative: 2e-5, absolute: 1e-7)
    for (name, parameter) in student.namedParameters where parameter.role.isTrainable {
      let place = try #require(found.parameters.firstIndex { $0 === parameter })
      let expected = try golden.stored("gradient.\(name)")
      let numbers = try expected.doubles()
      // The first rows of large ones. Sums of products of two passes in single precision.
      let own = Array(found.gradients[place].floats.prefix(numbers.count))
      let size = numbers.reduce(0) { max($0, abs($1)) }
      expectClose(own, numbers, relative: 1e-3, absolute: 1e-3 * size + 1e-7, shape: expected.shape)
    }
  }

  @Test("move images as the attack of the paper's code does", arguments: ["logits", "probabilities"])
  func boundary(_ scores: String) throws {
    let expected = try attack.stored(scores)
    networks.teacher.freeze()
    let moved = BoundaryAttack(steps: 10, rate: 0.3, usesProbabilities: scores == "probabilities").moved(
      images.images, from: try attack.integers("base"), to: try attack.integers("targets"), by: networks.teacher)
    #expect(!moved.requiresGradient)
    // Ten steps, each along a gradient in single precision.
    try expectClose(moved, expected, channelsLast: true, Tolerance(relative: 1e-4, absolute: 1e-4))
  }

  @Test(
    "work on every family of networks",
    arguments: [
      "resnet8", "cnn2", "vgg8", "alexnet", "mobilenet-v2-small", "shufflenet-v1", "shufflenet-v2-x0.5", "wrn-10-1",
    ])
  func families(_ name: String) throws {
    let (student, teacher) = (try network(name, seed: 3, size: 32), try network("resnet8", seed: 4, size: 32))
    let method = try MethodRegistry.make("sobolev", [:], setup(student, teacher))
    let program = JointProgram(
      student: student, teacher: teacher, labelWeight: 1, terms: [.init(name: "sobolev", method: method, weight: 1)]
    ) { SGD([ParameterGroup($0)]) }
    let before = student.trainableParameters.map { $0.tensor.floats }
    let values = try program.step(batch(2, size: 32), clock, learningRate: 0.1, random: Philox(seed: 1))
    #expect(values[1] > 0 && values[1].isFinite)
    #expect(student.trainableParameters.map { $0.tensor.floats } != before)
  }

  @Test("leave an image where the teacher's logits are flat")
  func flat() throws {
    let teacher = networks.teacher
    for parameter in teacher.trainableParameters { parameter.tensor.mutate { $0.update(repeating: 0) } }
    teacher.freeze()
    let x = images.images.clamped(to: -1...1)
    let moved = BoundaryAttack(steps: 3, rate: 0.3, usesProbabilities: false).moved(
      x, from: [0, 0, 0, 0, 0, 0], to: [1, 1, 1, 1, 1, 1], by: teacher)
    #expect(moved.floats == x.floats)
  }
}
