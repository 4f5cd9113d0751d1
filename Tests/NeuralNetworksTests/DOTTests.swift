import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// The rule of DOT against a transcription of its formula in double precision.
@Suite("The distillation-oriented optimiser")
struct DOTTests {
  private func weight(_ value: Float) -> Parameter { Parameter(Tensor([value], shape: [1]), .weight) }

  @Test("moves a weight of both losses as its formula does")
  func published() {
    let theta = weight(1)
    let optimizer = DOT([ParameterGroup([theta], weightDecay: 0.01)], momentum: 0.9, delta: 0.075)
    for expected in [1.049, 1.146026, 1.281912524] {
      let value = theta.tensor.detached()
      optimizer.step(task: [value * 0.5], distillation: [value - 2], learningRate: 0.1)
      #expect(abs(Double(theta.tensor.item) - expected) < 1e-6)
    }
    #expect(optimizer.steps == 3)
  }

  @Test("is SGD with the undivided momentum for a weight that only one loss reaches", arguments: [true, false])
  func alone(_ isTask: Bool) {
    let (own, other) = (weight(1), weight(1))
    let optimizer = DOT([ParameterGroup([own], weightDecay: 0.1)], momentum: 0.8, delta: 0.1)
    let plain = SGD([ParameterGroup([other], weightDecay: 0.1)], momentum: 0.8)
    for step in 1...4 {
      let gradient = Tensor([Float(step) * 0.3 - 0.5], shape: [1])
      optimizer.step(
        task: [isTask ? gradient : nil], distillation: [isTask ? nil : gradient], learningRate: 0.2)
      plain.step([gradient], learningRate: 0.2)
      #expect(abs(own.tensor.item - other.tensor.item) < 1e-6)
    }
  }

  @Test("lets the momentum of a loss that pauses run out, and leaves what no loss reaches alone")
  func pause() {
    let (shared, free) = (weight(1), weight(3))
    let optimizer = DOT([ParameterGroup([shared, free])], momentum: 0.5, delta: 0.25)
    let one = Tensor([1], shape: [1])
    optimizer.step(task: [one, nil], distillation: [one, nil], learningRate: 1)
    optimizer.step(task: [one, nil], distillation: [nil, nil], learningRate: 1)
    // 1 − 2, then u = ¼ + 1 and v = ¾.
    #expect(shared.tensor.item == -3)
    #expect(free.tensor.item == 3)
  }

  @Test("goes on from its state with the same bits")
  func resumes() {
    func run(_ parameter: Parameter, _ optimizer: DOT, _ steps: Range<Int>) {
      for step in steps {
        let gradient = parameter.tensor.detached() * Float(step + 1)
        optimizer.step(task: [gradient * 0.1], distillation: [gradient - 1], learningRate: 0.05)
      }
    }
    let whole = weight(0.7)
    run(whole, DOT([ParameterGroup([whole])]), 0..<6)
    let part = weight(0.7)
    let first = DOT([ParameterGroup([part])])
    run(part, first, 0..<3)
    let second = DOT([ParameterGroup([part])])
    #expect(first.state.map(\.name) == ["task.0", "distillation.0"])
    for (old, new) in zip(first.state, second.state) {
      let values = old.tensor.floats
      new.tensor.mutate { target in for i in target.indices { target[i] = values[i] } }
    }
    run(part, second, 3..<6)
    #expect(part.tensor.item == whole.tensor.item)
  }
}
