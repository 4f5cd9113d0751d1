import Distillation
import Foundation
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("Fusions of knowledge review")
struct AttentionFusionTests {
  /// scale · sin(1.3 i + 0.7 seed + 0.001 i²), i the place in PyTorch's order.
  private func made(_ shape: Shape, _ seed: Double, scale: Double = 1) -> Tensor {
    let values = (0..<shape.count).map { place in
      let i = Double(place)
      return Float(scale * sin(1.3 * i + 0.7 * seed + 0.001 * i * i))
    }
    return Tensor(values, shape: shape)
  }

  private func map(_ shape: Shape, _ seed: Double) -> Tensor { made(shape, seed).permuted([0, 2, 3, 1]).detached() }

  @Test("give the loss and the gradient of the authors' code on the formula's tensors")
  func published() throws {
    let initialiser = Initialiser(seed: 1)
    let deep = AttentionFusion(4, middle: 4, outputs: 5, fuses: false, initialiser)
    let shallow = AttentionFusion(3, middle: 4, outputs: 6, fuses: true, initialiser)
    for (fusion, seed) in [(deep, 30.0), (shallow, 40)] {
      for (name, parameter) in fusion.namedParameters where !name.hasPrefix("norm") {
        let offsets = ["conv1.weight": 0.0, "conv2.weight": 1, "attention.weight": 2, "attention.bias": 3]
        let offset = try #require(offsets[name])
        parameter.assign(made(parameter.tensor.shape, seed + offset, scale: 0.3))
      }
    }
    let (first, second) = (map([2, 4, 2, 2], 50), map([2, 3, 4, 4], 51))
    second.setRequiresGradient(true)
    let pass = ForwardPass(.training)
    let lower = deep(first, deeper: nil, size: 2, pass)
    let upper = shallow(second, deeper: lower.handedOn, size: 4, pass)
    let student = LossInputs(
      [
        "student.features.0": upper.output, "student.features.1": lower.output,
        "teacher.features.0": map([2, 6, 4, 4], 52), "teacher.features.1": map([2, 5, 2, 2], 53),
      ], place: "test")
    let options = try Options([:], for: ReviewKD.entry, at: "test")
    let loss = try ReviewKD.terms(student, options).total
    #expect(abs(Double(loss.item) / 1.810199913 - 1) < 1e-5)
    #expect(abs(norm(gradients(of: loss, with: [second])) / 0.08373274426 - 1) < 1e-5)
  }
}
