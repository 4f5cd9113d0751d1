import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("A network of another normalisation")
struct RenormalizedNetworkTests {
  private let given = (mean: [Float(0.82), 0.4, 0.1], std: [Float(0.16), 0.3, 0.5])
  private let needed = (mean: [Float(0), 0.5, 0.2], std: [Float(1), 0.25, 0.125])

  private func pair() throws -> (base: any Network, network: RenormalizedNetwork) {
    let base = try ModelCatalog.build(ModelSpecification("resnet8", classes: 5, height: 16, width: 16), seed: 3)
    base.freeze()
    return (base, RenormalizedNetwork(base, given: given, needed: needed))
  }

  /// Images normalised in two ways.
  private func images() -> (given: Tensor, needed: Tensor) {
    let pixels = Tensor.normal([2, 16, 16, 3], Philox(seed: 5))
    func normalized(_ by: (mean: [Float], std: [Float])) -> Tensor {
      (pixels - Tensor(by.mean, shape: [3])) / Tensor(by.std, shape: [3])
    }
    return (normalized(given), normalized(needed))
  }

  @Test("answers to images as they are given what it answers to those of its training")
  func answers() throws {
    let (base, network) = try pair()
    let (given, needed) = images()
    for (a, b) in zip(network.logits(given).floats, base.logits(needed).floats) { #expect(abs(a - b) < 1e-4) }
    let point = FeaturePoint("layer2", preActivation: true)
    let features = withoutRecording { (network.feature(point, of: given), base.feature(point, of: needed)) }
    for (a, b) in zip(features.0.floats, features.1.floats) { #expect(abs(a - b) < 1e-4) }
    // Without the map the answers are others.
    #expect(zip(base.logits(given).floats, base.logits(needed).floats).contains { abs($0 - $1) > 0.1 })
  }

  @Test("has layers, names and weights of its own, nothing more")
  func parts() throws {
    let (base, network) = try pair()
    #expect(network.specification == base.specification && network.layers == base.layers)
    #expect(network.probePoints == base.probePoints)
    #expect(network.namedParameters.map(\.name) == base.namedParameters.map(\.name))
    #expect(zip(network.namedParameters, base.namedParameters).allSatisfy { $0.parameter === $1.parameter })
  }

  @Test("passes gradients on to the images that are given: those of its own, times the ratio of deviations")
  func imageGradients() throws {
    let (base, network) = try pair()
    func gradient(_ network: any Network, _ images: Tensor) -> [Float] {
      images.setRequiresGradient(true)
      let sum = (network(images, ForwardPass(.evaluation)) * Tensor([1, -2, 3, 0.5, 1], shape: [5])).sum()
      return gradients(of: sum, with: [images])[0].floats
    }
    let (given, needed) = images()
    let (found, own) = (gradient(network, given.detached()), gradient(base, needed.detached()))
    for (place, value) in found.enumerated() {
      let ratio = self.given.std[place % 3] / self.needed.std[place % 3]
      #expect(abs(value - own[place] * ratio) < 1e-4 * max(1, abs(value)))
    }
  }
}
