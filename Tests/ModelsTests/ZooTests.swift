import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("The networks of the catalogue against PyTorch's", .tags(.golden))
struct ZooTests {
  /// PyTorch's own Float computation is off by up to 3·10⁻⁶ of the largest logit, as the file says; Winograd's kernels
  /// cost about a digit.
  private let logits = Tolerance(relative: 2e-5, ofLargest: 2e-5)

  /// A rounding may decide a ReLU of a few of the many inputs near zero.
  private let slopes = Tolerance(relative: 1e-3, ofLargest: 1e-3)

  @Test("the file's rule for weights is this side's")
  func rule() {
    #expect(NamedFormula.key("") == 2_166_136_261)
    #expect(NamedFormula.key("images") == 3_520_546_475)
    #expect(NamedFormula.value(3_520_546_475, 5) == 0.05782765499316156)
  }

  @Test("have its names, shapes and logits, folded and unfolded", arguments: try Golden.cases("zoo"))
  func evaluation(_ golden: GoldenCase) throws {
    let network = try golden.zooNetwork()
    #expect(try network.parameterCount == golden.integer("parameters"))
    #expect(try network.layers.reduce(0) { $0 + $1.parameters } == golden.integer("parameters"))
    #expect(try Int(network.stateDigest) == golden.integer("state"))
    let images = try golden.zooImages()
    let expected = try golden.stored("logits")
    try expectClose(network(images, ForwardPass(.evaluation)), expected, logits)
    try expectClose(network.logits(images), expected, logits)
    StoragePool.trim()
  }

  @Test(
    "have its gradients and running statistics in training",
    arguments: try Golden.cases("zoo").filter { try $0.flag("training") })
  func training(_ golden: GoldenCase) throws {
    let network = try golden.zooNetwork()
    let images = try golden.zooImages()
    let classes = network.specification.classes
    let labels = (0..<images.shape[0]).map { (7 * $0 + 3) % classes }
    let loss = crossEntropy(network(images, ForwardPass(.training)), labels)
    try expectClose(loss, golden.stored("loss"), Tolerance(relative: 5e-5))
    let parameters = Dictionary(uniqueKeysWithValues: network.namedParameters.map { ($0.name, $0.parameter.tensor) })
    let names = try golden.texts("gradients")
    let found = gradients(of: loss, with: try names.map { try #require(parameters[$0]) })
    for (place, (name, gradient)) in zip(names, found).enumerated() {
      let kept = try golden.stored("gradient.\(name)")
      let flat = gradient.reshaped([gradient.count]).slice(0..<kept.shape[0], alongAxis: 0)
      let norm = try golden.numbers("norms")[place]
      #expect(abs(Double(globalNorm([gradient])) - norm) < 1e-3 * norm, "norm of the gradient of \(name)")
      try expectClose(flat, kept, slopes)
    }
    for name in golden.parts(after: "statistic.") {
      try expectClose(
        #require(parameters[name]), golden.stored("statistic.\(name)"), Tolerance(relative: 1e-5, ofLargest: 1e-5))
    }
  }
}

extension GoldenCase {
  /// The network of a case of `zoo`, with weights by their names.
  func zooNetwork() throws -> any Network {
    var options: [String: OptionValue] = [:]
    for record in hasOption("options") ? try records("options") : [] {
      for (key, value) in record {
        switch value {
        case .flag(let flag): options[key] = .flag(flag)
        case .number(let number): options[key] = .number(number)
        case .text(let text): options[key] = .text(text)
        default: Issue.record("\(name): option \(key)")
        }
      }
    }
    let network = try ModelCatalog.build(
      ModelSpecification(
        text("model"), classes: integer("classes"), channels: integer("channels"), height: integer("height"),
        width: integer("width"), options: options), seed: 1)
    for (name, parameter) in network.namedParameters { NamedFormula.fill(parameter.tensor, named: name) }
    return network
  }

  func zooImages() throws -> Tensor {
    try NamedFormula.images(
      batch: integer("batch"), channels: integer("channels"), height: integer("height"), width: integer("width"))
  }
}

extension Network {
  /// What stands for the names and shapes of all arrays, in order.
  var stateDigest: UInt32 {
    NamedFormula.key(
      namedParameters.map { name, parameter in
        "\(name):\(parameter.tensor.shape.dimensions.map(String.init).joined(separator: ","));"
      }.joined())
  }
}
