import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite("A network with a projector and another's classifier")
struct ProjectedNetworkTests {
  private func base(_ name: String, size: Int = 32) throws -> any Network {
    try ModelCatalog.build(ModelSpecification(name, classes: 7, height: size, width: size), seed: 3)
  }

  static let examples = ["resnet8", "wrn-16-1", "cnn4", "vgg8", "mobilenet-v2-small", "shufflenet-v1", "shufflenet-v2"]

  @Test("runs the network up to its last stage, then projector, mean and classifier", arguments: examples)
  func forward(_ name: String) throws {
    let base = try base(name)
    let target = ProjectedNetwork.Target(size: 2, channels: 12, factor: 3)
    let classifier = (weight: Tensor.normal([7, 12], Philox(seed: 1)), bias: Tensor.normal([7], Philox(seed: 2)))
    let network = ProjectedNetwork(base, to: target, classifier: classifier, Initialiser(seed: 4))
    let images = Tensor.normal([2, 32, 32, 3], Philox(seed: 5))
    let point = FeaturePoint(ProjectedNetwork.point)
    let stage = FeaturePoint(base.lastStage.name)
    let pass = ForwardPass(.evaluation, features: [point, stage])
    let logits = withoutRecording { network(images, pass) }
    #expect(logits.shape == [2, 7])
    let own = withoutRecording { base.feature(stage, of: images) }
    #expect(pass.feature(stage).floats == own.floats)
    let map = pass.feature(point)
    #expect(map.shape == [2, network.projectedSize.height, network.projectedSize.width, 12])
    let listed = network.probePoints.first { $0.name == "projector" }
    #expect(listed?.output.dimensions == Array(map.shape.dimensions.dropFirst()))
    let expected = linear(globalAveragePooling(map), classifier.weight, bias: classifier.bias)
    for (a, b) in zip(logits.floats, expected.floats) { #expect(abs(a - b) < 1e-4) }
    // What is offered says what it is, as for every network.
    #expect(network.lastStage.name == base.lastStage.name)
    let known = Set(base.probePoints.map(\.name)).union(["projector", "avgpool"])
    #expect(Set(network.probePoints.map(\.name)).isSubset(of: known))
    #expect(network.layers.reduce(0) { $0 + $1.parameters } == network.parameterCount)
  }

  @Test(
    "is built again from its specification alone, its own weights first as without a projector", arguments: examples)
  func rebuilt(_ name: String) throws {
    let base = try base(name)
    let network = ProjectedNetwork(
      base, to: ProjectedNetwork.Target(size: 4, channels: 16, factor: 2), Initialiser(seed: 4))
    let coded = try JSONDecoder().decode(
      ModelSpecification.self, from: JSONEncoder().encode(network.specification))
    let again = try ModelCatalog.build(coded, seed: 3)
    #expect(again.specification == network.specification)
    #expect(again.layers == network.layers && again.probePoints == network.probePoints)
    #expect(again.namedParameters.map(\.name) == network.namedParameters.map(\.name))
    #expect(
      again.namedParameters.map(\.parameter.tensor.shape) == network.namedParameters.map(\.parameter.tensor.shape))
    // One seed gives the student the baseline's first weights.
    let own = Dictionary(uniqueKeysWithValues: base.namedParameters.map { ($0.name, $0.parameter.tensor.floats) })
    let rest = again.namedParameters.filter { !$0.name.hasPrefix("projector.") }.dropLast(2)
    #expect(!rest.isEmpty && rest.allSatisfy { own[$0.name] == $0.parameter.tensor.floats })
  }

  @Test("is refused with options that make no network", arguments: ["factor", "channels", "height", "wrong"])
  func hostile(_ option: String) throws {
    let value: OptionValue = option == "wrong" ? .number(3) : .number(-1)
    let specification = ModelSpecification("resnet8-simkd", classes: 7, options: ["projector-\(option)": value])
    let error = #expect(throws: InputError.self) { try ModelCatalog.build(specification, seed: 1) }
    #expect(error?.description.contains("projector-") == true)
  }

  @Test("is not made twice, nor listed")
  func names() throws {
    #expect(throws: InputError.self) { try ModelCatalog.check("resnet8-simkd-simkd", at: "model") }
    #expect(throws: InputError.self) { try ModelCatalog.check("resnet9-simkd", at: "model") }
    #expect(throws: Never.self) { try ModelCatalog.check("wrn-22-3-simkd", at: "model") }
    #expect(!ModelCatalog.names.contains { $0.names.isEmpty })
  }
}
