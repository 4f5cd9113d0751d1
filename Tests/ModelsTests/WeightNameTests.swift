import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Weights up to a layer")
struct WeightNameTests {
  /// Every weight that the point's feature depends on, found by changing weights, against the names.
  @Test(
    "are those that the layer's feature depends on",
    arguments: ProbePointTests.specifications.filter { $0.name != "vgg11" })
  func dependence(_ specification: ModelSpecification) throws {
    let network = try ModelCatalog.build(specification, seed: 1)
    let images = NamedFormula.images(
      batch: 2, channels: specification.channels, height: specification.height, width: specification.width)
    let weights = network.namedParameters.filter { $0.parameter.role == .weight }
    for point in network.probePoints {
      let pass = ForwardPass(.evaluation, features: [FeaturePoint(point.name)], stopsWhenFound: true)
      _ = network(images, pass)
      let found = gradients(
        of: pass.feature(FeaturePoint(point.name)).sum(), with: weights.map(\.parameter.tensor))
      let used = Set(zip(weights, found).filter { globalNorm([$1]) > 0 }.map(\.0.name))
      #expect(network.weightNames(upTo: point.name) == used, "\(point.name)")
    }
    #expect(network.weightNames(upTo: "no such layer").isEmpty)
  }

  @Test("are the same under torchvision's names and under short ones")
  func aliases() throws {
    let network = try ModelCatalog.build(ModelSpecification("vgg11", classes: 5), seed: 1)
    #expect(network.weightNames(upTo: "fc1") == network.weightNames(upTo: "classifier.0"))
    #expect(network.weightNames(upTo: "fc1").count == 9)
    #expect(network.weightNames(upTo: "fc3").count == 11)
    #expect(network.weightNames(upTo: "features.3") == ["features.0.weight", "features.3.weight"])
  }
}
