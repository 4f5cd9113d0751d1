import Checkpoints
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing

@Suite("A network that somebody else trained", .tags(.golden, .shared))
struct ForeignNetworkTests {
  static let folder = SharedData.folder?.appendingPathComponent("foreign-checkpoints")
  static let isThere = folder.map { FileManager.default.fileExists(atPath: $0.path) } ?? false

  /// Sums of up to 576 products in single precision; PyTorch's own are off by about 3·10⁻⁷.
  @Test(
    "has PyTorch's logits and features, named or not",
    .enabled(if: isThere, "../shared/data/foreign-checkpoints is absent"),
    arguments: ["resnet20", "resnet56"], [true, false])
  func answers(_ name: String, _ isNamed: Bool) throws {
    let golden = try Golden.load("foreign-networks")
    let folder = try #require(Self.folder)
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix(name + "-") })
    let read = try Checkpoint.read(folder.appendingPathComponent(file), model: isNamed ? name : nil)
    #expect(read.network.specification.options["shortcut"] == .text("pad"))
    #expect(read.origin?.prefix == "module." && read.origin?.key == "state_dict" && read.origin?.renamed.count == 2)
    let stored = try #require(golden["images"])
    let images = Tensor(try stored.floats(), shape: Shape(stored.shape)).permuted([0, 2, 3, 1])
    let logits = try #require(golden["\(name).logits"])
    try expectClose(
      read.network.logits(images).floats, logits.floats(), relative: 1e-5, absolute: 1e-5 * largest(logits),
      shape: logits.shape)
    let layer = try #require(golden["\(name).layer2"])
    let found = withoutRecording {
      read.network.feature(FeaturePoint("layer2"), of: images.slice(0..<layer.shape[0], alongAxis: 0))
    }
    try expectClose(
      found.permuted([0, 3, 1, 2]).floats, layer.floats(), relative: 1e-5, absolute: 1e-5 * largest(layer),
      shape: layer.shape)
  }

  private func largest(_ tensor: StoredTensor) throws -> Double {
    Double(try tensor.floats().reduce(0) { max($0, abs($1)) })
  }
}
