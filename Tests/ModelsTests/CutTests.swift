import Models
import NeuralNetworks
import Tensors
import Testing

@Suite("A network that is divided at a probe point")
struct CutTests {
  static let networks = ["cnn2", "cnn6", "resnet8", "vgg11"]

  @Test("has before it exactly the parameters that the point's feature depends on", arguments: networks)
  func gradient(_ name: String) throws {
    let size = name == "vgg11" ? 32 : 16
    let network = try ModelCatalog.build(ModelSpecification(name, classes: 5, height: size, width: size), seed: 3)
    let images = Tensor.normal([4, size, size, 3], Philox(seed: 4))
    for point in network.probePoints {
      let parts = network.parameters(dividedAt: point.name)
      #expect(parts.before.count + parts.after.count == network.namedParameters.count)
      let wanted = FeaturePoint(point.name)
      let pass = ForwardPass(.training, features: [wanted], stopsWhenFound: true)
      _ = network(images, pass)
      let found = gradients(of: pass.feature(wanted).squared().sum(), with: network.trainableParameters.map(\.tensor))
      for (parameter, slope) in zip(network.trainableParameters, found) {
        let isBefore = parts.before.contains { $0 === parameter }
        #expect(isBefore == slope.floats.contains { $0 != 0 }, "\(name) at \(point.name)")
      }
    }
  }

  @Test("keeps running statistics with the layer that they belong to")
  func statistics() throws {
    let network = try ModelCatalog.build(ModelSpecification("cnn4", classes: 5, height: 16, width: 16), seed: 3)
    #expect(network.layerNames(upTo: "conv2") == ["conv1", "bn1", "conv2", "bn2"])
    #expect(network.weightNames(upTo: "conv2") == ["conv1.weight", "conv2.weight"])
    #expect(network.weightNames.last == "fc.weight")
  }

  @Test("knows second names of points")
  func aliases() throws {
    let network = try ModelCatalog.build(ModelSpecification("vgg11", classes: 5), seed: 3)
    #expect(network.layerNames(upTo: "fc1") == network.layerNames(upTo: "classifier.0"))
    #expect(network.weightNames(upTo: "fc2").last == "classifier.3.weight")
    #expect(network.parameters(dividedAt: "fc3").after.isEmpty)
  }

  @Test("runs frozen up to the point: no statistics move there, and dropout acts behind it only")
  func frozenPart() throws {
    let network = try ModelCatalog.build(ModelSpecification("cnn4", classes: 5, height: 16, width: 16), seed: 3)
    let images = Tensor.normal([4, 16, 16, 3], Philox(seed: 4))
    func statistics() -> [String: [Float]] {
      let named = network.namedParameters.filter { $0.parameter.role == .runningStatistic }
      return Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.parameter.tensor.floats) })
    }
    let before = statistics()
    let point = FeaturePoint("conv2")
    let pass = ForwardPass(.training, features: [point], frozenUpTo: "conv2")
    #expect(pass.mode == .evaluation)
    _ = network(images, pass)
    #expect(pass.mode == .training)
    let moved = statistics().filter { $0.value != before[$0.key] }.keys.sorted()
    #expect(moved == ["bn3.running_mean", "bn3.running_var", "bn4.running_mean", "bn4.running_var"])
    #expect(pass.feature(point).floats == network.feature(point, of: images).floats)
  }
}
