import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("Sizes of networks")
struct PublishedSizeTests {
  /// A network's parameters, and its multiplications in thousands of millions.
  struct Published: Sendable, CustomTestStringConvertible {
    let name: String
    let parameters: Int
    let billions: Double
    var testDescription: String { name }
  }

  /// As torchvision's documentation lists them for 1000 classes and 224 pixels.
  static let torchvision = [
    Published(name: "alexnet", parameters: 61_100_840, billions: 0.714),
    Published(name: "vgg16", parameters: 138_357_544, billions: 15.470),
    Published(name: "resnet18", parameters: 11_689_512, billions: 1.814),
    Published(name: "resnet34", parameters: 21_797_672, billions: 3.664),
    Published(name: "resnet50", parameters: 25_557_032, billions: 4.089),
    Published(name: "resnet101", parameters: 44_549_160, billions: 7.801),
    Published(name: "resnet152", parameters: 60_192_808, billions: 11.514),
    Published(name: "mobilenet-v2", parameters: 3_504_872, billions: 0.301),
    Published(name: "shufflenet-v2-x0.5", parameters: 1_366_792, billions: 0.040),
    Published(name: "shufflenet-v2", parameters: 2_278_604, billions: 0.145),
    Published(name: "shufflenet-v2-x1.5", parameters: 3_503_624, billions: 0.296),
    Published(name: "shufflenet-v2-x2.0", parameters: 7_393_996, billions: 0.583),
  ]

  @Test("are those of torchvision's documentation at 224 pixels", arguments: torchvision)
  func large(_ published: Published) throws {
    let network = try ModelCatalog.build(
      ModelSpecification(published.name, classes: 1000, height: 224, width: 224), seed: 0)
    #expect(network.parameterCount == published.parameters)
    #expect(abs(Double(network.multiplications) / 1e9 - published.billions) < 0.001)
    StoragePool.trim()
  }

  /// Millions of parameters for 100 classes and 32 pixels: Tian et al., ICLR 2020, and the papers that follow it.
  @Test(
    "are those that distillation papers give for 32 pixels",
    arguments: [
      ("resnet20", 0.28), ("resnet32", 0.47), ("resnet56", 0.86), ("resnet110", 1.74), ("resnet8x4", 1.23),
      ("resnet32x4", 7.43), ("wrn-16-2", 0.70), ("wrn-40-1", 0.57), ("wrn-40-2", 2.26), ("vgg8", 3.97),
      ("resnet50", 23.71), ("mobilenet-v2-small", 0.81), ("shufflenet-v1", 0.95), ("shufflenet-v2", 1.36),
    ])
  func small(_ name: String, _ millions: Double) throws {
    let network = try ModelCatalog.build(ModelSpecification(name, classes: 100), seed: 0)
    #expect(abs(Double(network.parameterCount) / 1e6 - millions) < 0.0101, "\(network.parameterCount)")
  }

  @Test("count a shared layer's parameters once and its multiplications at every use")
  func shared() {
    final class Twice: Module {
      let layer = Convolution2D(4, 4, kernel: 3, padding: 1, bias: true, Initialiser(seed: 1))
      func visit(_ visitor: ParameterVisitor) {
        visitor.visit("first", layer)
        visitor.visit("second", layer)
      }
    }
    let network = Twice()
    #expect(network.parameterCount == 4 * 4 * 9 + 4)
    #expect(network.namedParameters.map(\.name) == ["first.weight", "first.bias"])
    var list = LayerList(ModelSpecification("twice", classes: 2, channels: 4, height: 6, width: 5))
    list.convolution("first", network.layer)
    list.convolution("second", network.layer)
    #expect(list.layers.map(\.parameters) == [148, 0])
    #expect(list.layers.map(\.multiplications) == [144 * 30, 144 * 30])
  }

  @Test("a Wide ResNet of any depth and width has a name", arguments: ["wrn-10-3", "wrn-28-12", "wrn-100-1"])
  func wide(_ name: String) throws {
    #expect(ModelCatalog.unlisted(name)?.name == name)
    #expect(try ModelCatalog.entry(name, at: "here").name == name)
  }

  @Test(
    "names beside the pattern are refused with the rule",
    arguments: [
      ("wrn-17-2", "here: there is no WRN-17-2; depths are 6n+4"), ("wrn-16-0", "here: there is no WRN-16-0;"),
      ("wrn-016-2", "here: there is no model 'wrn-016-2'; did you mean 'wrn-16-2'?"),
      ("resnet19", "here: ResNet depth 19 does not exist; depths are 6n+2: 8, 14, 20, 26, 32, 44, 56, 110, and"),
      ("vgg12", "here: VGG depth 12 does not exist; depths are 8, 11, 13, 16, 19"),
      ("alexnett", "here: there is no model 'alexnett'; did you mean 'alexnet'?"),
      ("shufflenetv2", "here: there is no model 'shufflenetv2'; did you mean 'shufflenet-v2'?"),
    ])
  func refusals(_ name: String, _ line: String) {
    let error = #expect(throws: InputError.self) { try ModelCatalog.check(name, at: "here") }
    #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
  }

  @Test("an option that a network does not have, as a file may claim it, is refused")
  func option() {
    let error = #expect(throws: InputError.self) {
      try ModelCatalog.build(
        ModelSpecification("resnet8", classes: 2, options: ["width": .number(1e300)]), seed: 0, at: "f.safetensors")
    }
    #expect(error?.description == "f.safetensors: resnet8 has no option 'width'; known: shortcut")
  }
}
