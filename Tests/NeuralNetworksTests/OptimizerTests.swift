import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Optimisers", .tags(.golden))
struct OptimizerTests {
  /// Five steps of a few roundings each; Adam's quotients have a few more.
  private let steps = Tolerance(relative: 2e-6, ofLargest: 5e-7)

  @Test("have PyTorch's values", arguments: try Golden.cases("optimizers"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "sgd":
      let (momentum, nesterov) = try (Float(golden.number("momentum")), golden.flag("nesterov"))
      try follow(golden) { SGD($0, momentum: momentum, nesterov: nesterov) }
    case "adam", "adamw":
      let betas = try (Float(golden.number("beta1")), Float(golden.number("beta2")))
      let epsilon = Float(try golden.number("epsilon"))
      let decoupled = golden.operation == "adamw"
      try follow(golden) { Adam($0, betas: betas, epsilon: epsilon, decouplesDecay: decoupled) }
    case "clip-global-norm":
      let inputs = try golden.inputs()
      let norm = try #require(golden.stored("norm").doubles().first)
      #expect(abs(Double(globalNorm(inputs)) - norm) < 1e-6 * norm)
      try hold(golden, clipped(inputs, toGlobalNorm: Float(golden.number("limit"))))
    case "clip-value": try hold(golden, clipped(golden.inputs(), toValue: Float(golden.number("limit"))))
    default: golden.reportUnknownOperation()
    }
  }

  private func hold(_ golden: GoldenCase, _ outputs: [Tensor]) throws {
    for (place, output) in outputs.enumerated() {
      try expectClose(output, golden.stored("output.\(place)"), Tolerance(relative: 1e-6))
    }
  }

  private func follow(_ golden: GoldenCase, _ make: ([ParameterGroup]) -> any Optimizer) throws {
    let parameters = try golden.parts(after: "initial.").sorted().map {
      Parameter(try golden.tensor("initial.\($0)"), .weight)
    }
    // The rate is split between the group and the step, by powers of two.
    var order: [Int] = []
    let groups = try golden.records("groups").map { group in
      let places = try #require(group["parameters"]?.integers)
      order += places
      return ParameterGroup(
        places.map { parameters[$0] }, rateFactor: Float(try #require(group["learningRate"]?.number)) * 4,
        weightDecay: Float(try #require(group["weightDecay"]?.number)))
    }
    let optimizer = make(groups)
    #expect(optimizer.parameters.map(ObjectIdentifier.init) == order.map { ObjectIdentifier(parameters[$0]) })
    for step in 0..<5 {
      optimizer.step(try order.map { try golden.tensor("gradient.\(step).\($0)") }, learningRate: 0.25)
      #expect(optimizer.steps == step + 1)
      for place in parameters.indices {
        try expectClose(parameters[place].tensor, golden.stored("value.\(step).\(place)"), steps)
      }
    }
  }

  @Test("go on to the same bits from their stored state")
  func resuming() {
    let makers: [(_ groups: [ParameterGroup]) -> any Optimizer] = [
      { SGD($0) }, { SGD($0, momentum: 0.9) }, { SGD($0, momentum: 0.9, nesterov: true) }, { Adam($0) },
      { Adam($0, decouplesDecay: true) },
    ]
    func gradient(_ step: Int) -> [Tensor] { [.normal([5], Philox(seed: 1, stream: UInt64(step)))] }
    for make in makers {
      let whole = Parameter(.ones([5]), .weight)
      let first = make([ParameterGroup([whole], weightDecay: 0.01)])
      for step in 0..<3 { first.step(gradient(step), learningRate: 0.1) }
      let resumed = Parameter(Tensor(whole.tensor.floats, shape: [5]), .weight)
      let second = make([ParameterGroup([resumed], weightDecay: 0.01)])
      #expect(first.state.map(\.name) == second.state.map(\.name))
      #expect(Set(first.state.map(\.name)).count == first.state.count)
      for (old, new) in zip(first.state, second.state) {
        new.tensor.mutate { target in old.tensor.withFloats { _ = target.update(fromContentsOf: $0) } }
      }
      second.steps = first.steps
      for step in 3..<6 {
        first.step(gradient(step), learningRate: 0.1)
        second.step(gradient(step), learningRate: 0.1)
        #expect(whole.tensor.floats == resumed.tensor.floats)
      }
    }
  }

  @Test("update tensors that several threads share as they update small ones")
  func large() {
    let count = 100_003
    let values = Tensor.normal([count], Philox(seed: 2)).floats
    let gradient = Tensor.normal([count], Philox(seed: 3))
    let parameter = Parameter(Tensor(values, shape: [count]), .weight)
    let optimizer = SGD([ParameterGroup([parameter], weightDecay: 0.5)], momentum: 0.5, nesterov: true)
    optimizer.step([gradient], learningRate: 0.25)
    // v = g + w/2, w − (g + w/2 + v/2)/4
    let expected = zip(values, gradient.floats).map { w, g in Double(w) - 0.375 * (Double(g) + 0.5 * Double(w)) }
    expectClose(parameter.tensor.floats, expected, relative: 1e-6, absolute: 1e-6)
  }

  @Test("refuse gradients that do not go with their parameters", arguments: [false, true], [false, true])
  func mismatch(adam: Bool, wrongShape: Bool) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [adam, wrongShape] in
      let groups = [ParameterGroup([Parameter(.ones([2, 3]), .weight)])]
      let optimizer: any Optimizer = adam ? Adam(groups) : SGD(groups)
      optimizer.step(wrongShape ? [.ones([3, 2])] : [], learningRate: 1)
    }
    let errors = try #require(result?.standardErrorContent)
    let text = String(decoding: errors, as: UTF8.self)
    let parts = wrongShape ? ["optimiser", "[3, 2]", "[2, 3]"] : [adam ? "Adam" : "SGD", "0 gradients", "1 param"]
    for part in parts { #expect(text.contains(part), "\(part) in: \(text.prefix(300))") }
  }
}
