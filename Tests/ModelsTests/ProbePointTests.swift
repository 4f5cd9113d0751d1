import Models
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Probe points")
struct ProbePointTests {
  /// One of each family, and a second depth where blocks have several numbers; sizes that no stage divides evenly.
  static let specifications = [
    ModelSpecification("resnet8", classes: 5, height: 18, width: 13), ModelSpecification("resnet14", classes: 5),
    ModelSpecification("cnn2", classes: 5, height: 9, width: 14), ModelSpecification("cnn4", classes: 5),
    ModelSpecification("cnn6", classes: 5), ModelSpecification("cnn8", classes: 5),
    ModelSpecification("cnn10", classes: 5, channels: 1, height: 28, width: 28),
    ModelSpecification("vgg11", classes: 5, height: 32, width: 50),
    ModelSpecification("vgg8", classes: 5, height: 9, width: 14, options: ["width": .number(0.25)]),
    ModelSpecification("resnet18", classes: 5, height: 9, width: 14),
    ModelSpecification("resnet50", classes: 5, height: 40, width: 33, options: ["stem": .text("large")]),
    ModelSpecification("resnet8x4", classes: 5, height: 9, width: 12),
    ModelSpecification("wrn-16-1", classes: 5, height: 9, width: 14),
    ModelSpecification("alexnet", classes: 5, height: 18, width: 25, options: ["hidden": .number(9)]),
    ModelSpecification("mobilenet-v2", classes: 5, height: 33, width: 50, options: ["width": .number(0.25)]),
    ModelSpecification("mobilenet-v2-small", classes: 5, height: 18, width: 23, options: ["width": .number(0.25)]),
    ModelSpecification("shufflenet-v1", classes: 5, height: 9, width: 12),
    ModelSpecification("shufflenet-v2-x0.5", classes: 5, height: 9, width: 12),
    ModelSpecification(
      "vgg13", classes: 5, height: 34, width: 65,
      options: ["width": .number(0.0625), "hidden": .number(12), "batch-norm": .flag(true)]),
  ]

  private func network(_ specification: ModelSpecification) throws -> any Network {
    let network = try ModelCatalog.build(specification, seed: 1)
    for (name, parameter) in network.namedParameters { NamedFormula.fill(parameter.tensor, named: name) }
    return network
  }

  private let near = Tolerance(relative: 1e-5, ofLargest: 5e-6)

  @Test("are there with the shape that they are listed with, before and after the ReLU", arguments: specifications)
  func shapes(_ specification: ModelSpecification) throws {
    let network = try network(specification)
    let images = Formula.images(batch: 3, specification)
    let points = network.probePoints.flatMap { point in
      [FeaturePoint(point.name)] + (point.hasRelu ? [FeaturePoint(point.name, preActivation: true)] : [])
    }
    let pass = ForwardPass(.evaluation, features: Set(points))
    let logits = network(images, pass)
    #expect(Set(pass.features.keys) == Set(points))
    for point in network.probePoints {
      let after = pass.feature(FeaturePoint(point.name))
      #expect(after.shape.dimensions == [3] + point.output.dimensions, "\(point.name)")
      guard point.hasRelu else { continue }
      let before = pass.feature(FeaturePoint(point.name, preActivation: true))
      let rectified = specification.name == "mobilenet-v2" ? before.relu6() : before.relu()
      expectSame(rectified.floats, after.floats, "\(point.name)")
      #expect(before.floats.contains { $0 < 0 }, "\(point.name)")
    }
    let last = try #require(network.probePoints.last)
    expectSame(pass.feature(FeaturePoint(last.name)).floats, logits.floats)
  }

  /// Folded and cut off behind the point, against the whole unfolded network.
  @Test("give the same alone, and with a gradient to the images", arguments: specifications)
  func alone(_ specification: ModelSpecification) throws {
    let network = try network(specification)
    let images = Formula.images(batch: 3, specification)
    images.setRequiresGradient(true)
    for point in network.probePoints {
      for preActivation in point.hasRelu ? [false, true] : [false] {
        let wanted = FeaturePoint(point.name, preActivation: preActivation)
        network.thaw()
        let pass = ForwardPass(.evaluation, features: [wanted])
        _ = network(images, pass)
        let unfolded = pass.feature(wanted)
        let upstream = Tensor.normal(unfolded.shape, Philox(seed: 4))
        let slope = gradients(of: unfolded, with: [images], upstream: upstream)[0]
        network.freeze()
        let folded = network.feature(wanted, of: images)
        let shape = unfolded.shape.dimensions
        expectClose(folded, unfolded.floats.map(Double.init), shape: shape, near, "\(wanted)")
        let found = gradients(of: folded, with: [images], upstream: upstream)[0]
        // A rounding may decide a ReLU or a maximum and send the gradient another way: hardly in two of three images.
        let far = (0..<3).filter { image in
          let (a, b) = (found.slice(image..<image + 1, alongAxis: 0), slope.slice(image..<image + 1, alongAxis: 0))
          let largest = b.floats.reduce(0) { max($0, abs($1)) }
          return zip(a.floats, b.floats).contains { abs($0 - $1) > 2e-5 * largest }
        }
        #expect(far.count <= 1, "gradient of \(wanted)")
        expectSame(withoutRecording { network.feature(wanted, of: images) }.floats, folded.floats)
      }
    }
  }

  @Test("list stages and fully connected layers as recommended")
  func recommended() throws {
    func names(_ name: String) throws -> [String] {
      try network(ModelSpecification(name, classes: 5)).probePoints.filter(\.isRecommended).map(\.name)
    }
    #expect(try names("resnet14") == ["layer1", "layer2", "layer3", "fc"])
    #expect(try names("cnn8") == ["conv3", "conv6", "conv8", "fc"])
    #expect(
      try names("vgg11")
        == ["features.18", "classifier.0", "fc1", "classifier.3", "fc2", "classifier.6", "fc3"])
  }

  @Test("dropout of VGG-11 acts in training only, as often as its option says")
  func dropout() throws {
    let images = Formula.images(batch: 2, ModelSpecification("vgg11", classes: 5))
    func zeros(_ rate: Double?, _ mode: ForwardPass.Mode) throws -> [Float] {
      let network = try ModelCatalog.build(
        ModelSpecification("vgg11", classes: 5, options: rate.map { ["dropout": .number($0)] } ?? [:]), seed: 1)
      Formula.fill(network)
      return network(images, ForwardPass(mode, random: Philox(seed: 5))).floats
    }
    let plain = try zeros(0.5, .evaluation)
    #expect(try zeros(nil, .evaluation) == plain)
    #expect(try zeros(0.5, .training) != plain)
    expectSame(try zeros(nil, .training), try zeros(0.5, .training))
    let none = try zeros(0, .training)
    for (a, b) in zip(none, plain) { #expect(abs(a - b) <= 1e-5 * (1 + abs(b))) }
  }
}
