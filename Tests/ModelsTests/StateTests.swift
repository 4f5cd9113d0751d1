import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("Names, shapes and counts of networks", .tags(.golden))
struct StateTests {
  /// Settings of the file's entries that differ from ten classes and 32×32 pixels in three colours.
  private static let settings: [String: ModelSpecification] = [
    "resnet20-features": ModelSpecification("resnet20", classes: 10, height: 16, width: 24),
    "resnet20-grey": ModelSpecification("resnet20", classes: 10, channels: 1, height: 28, width: 28),
    "resnet8-100-classes": ModelSpecification("resnet8", classes: 100),
    "vgg11-224": ModelSpecification("vgg11", classes: 1000, height: 224, width: 224),
  ]

  @Test("every network of the catalogue is in a golden file")
  func complete() throws {
    let recorded = try RecordedState.all().keys.map { StateTests.settings[$0]?.name ?? $0 }
    let zoo = try Golden.cases("zoo").map { try $0.text("model") }
    let names = Set(recorded + zoo)
    // Wide ResNets come in all sizes; three of them stand for the pattern.
    #expect(names.filter { $0.hasPrefix("wrn-") }.count >= 3)
    #expect(names.isSuperset(of: ModelCatalog.entries.map(\.name).filter { !$0.hasPrefix("wrn-") }))
  }

  @Test("are PyTorch's", arguments: try RecordedState.all().keys.sorted())
  func state(_ name: String) throws {
    let expected = try #require(RecordedState.all()[name])
    let network = try ModelCatalog.build(
      StateTests.settings[name] ?? ModelSpecification(name, classes: 10), seed: 3)
    #expect(network.namedParameters.map(\.name) == expected.tensors.map(\.name))
    #expect(network.namedParameters.map(\.parameter.tensor.shape.dimensions) == expected.tensors.map(\.shape))
    #expect(network.parameterCount == expected.parameters)
    #expect(network.layers.reduce(0) { $0 + $1.parameters } == expected.parameters)
    StoragePool.trim()
  }

  @Test("ResNet-20 has 272,474 parameters, as published with 1×1 shortcuts")
  func resNet20() throws {
    #expect(try ModelCatalog.build(ModelSpecification("resnet20", classes: 10), seed: 0).parameterCount == 272_474)
  }

  @Test("multiplications of ResNet-20 are those counted by hand")
  func multiplications() throws {
    let network = try ModelCatalog.build(ModelSpecification("resnet20", classes: 10), seed: 0)
    let stem = 3 * 16 * 9 * 32 * 32
    let first = 6 * 16 * 16 * 9 * 32 * 32
    let second = (16 * 32 * 9 + 5 * 32 * 32 * 9 + 16 * 32) * 16 * 16
    let third = (32 * 64 * 9 + 5 * 64 * 64 * 9 + 32 * 64) * 8 * 8
    #expect(network.multiplications == stem + first + second + third + 640)
    #expect(network.multiplications == 40_813_184)
  }

  /// 7.61 G for 224 pixels is what the literature gives for VGG-11.
  @Test("multiplications of the other families are those counted by hand")
  func otherMultiplications() throws {
    let plain = try ModelCatalog.build(ModelSpecification("cnn4", classes: 10), seed: 0)
    let ends = (3 * 32 + 32 * 32) * 9 * 1024 + (32 * 64 + 64 * 64) * 9 * 256 + 640
    #expect(plain.multiplications == ends)
    let vgg = try ModelCatalog.build(ModelSpecification("vgg11", classes: 10), seed: 0)
    let convolutions =
      9
      * (3 * 64 * 1024 + 64 * 128 * 256 + (128 * 256 + 256 * 256) * 64 + (256 * 512 + 512 * 512) * 16
        + 2 * 512 * 512 * 4)
    #expect(vgg.multiplications == convolutions + 2 * 512 * 512 + 5120)
    let stride = try #require(plain.layers.first { $0.name == "conv3" })
    #expect(stride.output == [16, 16, 64] && stride.multiplications == 32 * 64 * 9 * 256)
  }

  @Test("weights follow the seed, and every layer has its own", arguments: ["resnet8", "cnn4", "vgg11"])
  func seeds(_ name: String) throws {
    func weights(_ seed: UInt64) throws -> [[Float]] {
      try ModelCatalog.build(ModelSpecification(name, classes: 10), seed: seed).namedParameters
        .filter { $0.parameter.role == .weight }.map(\.parameter.tensor.floats)
    }
    let first = try weights(1)
    for (again, values) in zip(try weights(1), first) { expectSame(again, values) }
    #expect(zip(try weights(2), first).allSatisfy { $0 != $1 })
    #expect(Set(first.map { $0.prefix(16) }).count == first.count)
  }
}

@Suite("Impossible networks")
struct ImpossibleNetworkTests {
  @Test(
    "are refused with what would be right",
    arguments: [
      (ModelSpecification("resnet21", classes: 10), ["ResNet depth 21", "6n+2", "20"]),
      (ModelSpecification("cnn3", classes: 10), ["3 convolutions", "2, 4, 6, 8, 10"]),
      (ModelSpecification("resnet-20", classes: 10), ["'resnet-20'", "did you mean 'resnet20'"]),
      (ModelSpecification("cnn6", classes: 10, height: 7, width: 32), ["7×32", "8×8"]),
      (ModelSpecification("vgg11", classes: 10, height: 32, width: 31), ["32×31", "32×32"]),
    ])
  func refusals(_ specification: ModelSpecification, _ parts: [String]) {
    let error = #expect(throws: InputError.self) {
      try ModelCatalog.build(specification, seed: 0, at: "recipe.yaml:3: model")
    }
    let line = error?.description ?? ""
    for part in parts + ["recipe.yaml:3: model"] { #expect(line.contains(part), "\(part) in: \(line)") }
  }

  @Test("the smallest images that are not refused go through", arguments: ["cnn2", "cnn6", "resnet8", "vgg11"])
  func smallest(_ name: String) throws {
    let size = ["cnn2": 4, "cnn6": 8, "resnet8": 1, "vgg11": 32][name] ?? 32
    let network = try ModelCatalog.build(
      ModelSpecification(name, classes: 3, height: size, width: size), seed: 0)
    #expect(network.logits(.normal([2, size, size, 3], Philox(seed: 1))).shape == [2, 3])
  }

  @Test("an unknown layer is refused with the nearest ones")
  func layer() throws {
    let network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 10), seed: 0)
    let error = #expect(throws: InputError.self) { try network.probePoint("layr3", at: "line 4") }
    #expect(error?.description.contains("did you mean 'layer3'") == true)
    #expect(try network.probePoint("layer3", at: "line 4").output == [8, 8, 64])
    #expect(network.lastStage.name == "layer3")
  }
}
