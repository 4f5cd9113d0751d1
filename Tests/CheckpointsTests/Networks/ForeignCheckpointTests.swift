import Checkpoints
import Foundation
import Models
import Support
import Tensors
import TestSupport
import Testing

@Suite("A foreign checkpoint")
struct ForeignCheckpointTests {
  /// The file as PyTorch writes it: no facts, and counters of batches beside the running statistics.
  private func foreign(_ network: any Network, at url: URL) throws -> Safetensors {
    try Checkpoint.write(network, sampleFacts(of: network), to: url)
    let own = try Safetensors.read(url)
    let counters = own.tensors.filter { $0.name.hasSuffix("running_mean") }.map { tensor in
      StoredTensor(
        name: tensor.name.replacing("running_mean", with: "num_batches_tracked"), shape: [], integers: [77])
    }
    let file = Safetensors(metadata: ["format": "pt"], tensors: own.tensors + counters)
    try file.write(to: url)
    return file
  }

  @Test(
    "is read with the network's name; classes and colours come from its tensors",
    arguments: [
      ("resnet8", 7, 1), ("cnn6", 3, 3), ("vgg11", 4, 3), ("vgg8", 4, 3), ("resnet8x4", 3, 3), ("resnet18", 5, 1),
      ("wrn-10-2", 5, 3), ("alexnet", 6, 3), ("mobilenet-v2-small", 4, 3), ("shufflenet-v1", 4, 3),
      ("shufflenet-v2", 4, 3),
    ])
  func named(_ name: String, _ classes: Int, _ channels: Int) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let network = try sampleNetwork(name, classes: classes, channels: channels)
      _ = try foreign(network, at: url)
      let read = try Checkpoint.read(url, model: name)
      #expect(read.facts == nil)
      #expect(read.network.specification.classes == classes && read.network.specification.channels == channels)
      #expect(read.network.specification.height == 32 && read.network.specification.width == 32)
      let images = Tensor.normal([2, 32, 32, channels], Philox(seed: 2))
      #expect(read.network.logits(images).floats == network.logits(images).floats)
      let sized = try Checkpoint.read(url, model: name, imageSize: (height: 48, width: 40)).network.specification
      #expect(sized.height == 48 && sized.width == 40)
    }
  }

  @Test("in other float types is read too", arguments: [StoredType.f64, .f16, .bf16])
  func types(_ type: StoredType) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let network = try sampleNetwork("cnn2")
      let file = try foreign(network, at: url)
      try file.changing("fc.bias") { tensor in
        switch type {
        case .f64: StoredTensor(name: tensor.name, shape: [5], doubles: [1, -2, 0.5, 0, 3])
        // 1, −2, 0.5, 0 and 3 in half precision and in the upper half of single precision.
        case .f16:
          StoredTensor(name: tensor.name, type: type, shape: [5], bytes: Data([0, 60, 0, 192, 0, 56, 0, 0, 0, 66]))
        default:
          StoredTensor(name: tensor.name, type: type, shape: [5], bytes: Data([128, 63, 0, 192, 0, 63, 0, 0, 64, 64]))
        }
      }.write(to: url)
      #expect(values(of: try Checkpoint.read(url, model: "cnn2").network)["fc.bias"] == [1, -2, 0.5, 0, 3])
    }
  }

  @Test("is refused in one line without a name, with a wrong one, or with another network's")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      _ = try foreign(try sampleNetwork("resnet8"), at: url)
      for (name, expected) in [
        (nil, "\(url.path): the file does not say which network it holds; name it with --model"),
        ("resnet21", "--model: ResNet depth 21 does not exist; depths are 6n+2: 8, 14, 20, 26, 32, 44, 56, 110"),
        ("cnn3", "--model: a plain network with 3 convolutions does not exist; there are 2, 4, 6, 8, 10"),
        ("restnet8", "--model: there is no model 'restnet8'; did you mean 'resnet8'? known: alexnet, cnn10,"),
        ("vgg11", "\(url.path): the tensors are not those of vgg11; check --model"),
        ("cnn2", "\(url.path): tensor 'conv1.weight' has shape [16, 3, 3, 3]; cnn2 needs [32, 3, 3, 3]"),
        (
          "resnet14",
          "\(url.path): tensor 'layer1.1.conv1.weight' of resnet14 is missing; check --model; its nearest is "
            + "'layer1.0.conv1.weight'"
        ),
      ] {
        let error = #expect(throws: InputError.self) { try Checkpoint.read(url, model: name) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
      }
    }
  }

  @Test("cannot claim more classes or colours than a network may have", arguments: [[10, 0], [1_000_000_000_000, 0]])
  func hostile(_ shape: [Int]) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      // Tensors without elements cost nothing, whatever their other extents say.
      try Safetensors(tensors: [
        StoredTensor(name: "conv1.weight", shape: [16, 1_000_000_000_000, 0, 3], floats: []),
        StoredTensor(name: "fc.weight", shape: shape, floats: []),
      ]).write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url, model: "resnet8") }
      #expect(
        error?.description == "\(url.path): the tensors describe \(shape[0]) classes and 1000000000000 colours; "
          + "a network has 1 to 16384 of each")
    }
  }

  private func renamed(_ file: Safetensors, _ name: (String) -> String) -> Safetensors {
    Safetensors(
      metadata: file.metadata,
      tensors: file.tensors.map { StoredTensor(name: name($0.name), type: $0.type, shape: $0.shape, bytes: $0.bytes) })
  }

  @Test(
    "whose names all begin with a wrapper's prefix is read without it",
    arguments: ["module.", "_orig_mod.", "model.", "backbone.", "module._orig_mod.", "_orig_mod.module.model."])
  func wrapped(_ prefix: String) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let network = try sampleNetwork("resnet8")
      try renamed(foreign(network, at: url)) { prefix + $0 }.write(to: url)
      #expect(values(of: try Checkpoint.read(url, model: "resnet8").network) == values(of: network))
    }
  }

  @Test(
    "with a prefix that is no wrapper's, or that some names lack, is refused with the prefix",
    arguments: [("student.net.", false), ("module.", true)])
  func prefixed(_ prefix: String, _ leavesOne: Bool) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      try renamed(foreign(try sampleNetwork("resnet8"), at: url)) { leavesOne && $0 == "fc.bias" ? $0 : prefix + $0 }
        .write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url, model: "resnet8") }
      let line =
        "\(url.path): the tensors are not those of resnet8; check --model, or take the prefix '\(prefix)' off the "
      #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
    }
  }

  @Test("whose first weight has another name is refused with the nearest one")
  func renamedStem() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      try renamed(foreign(try sampleNetwork("resnet8"), at: url)) { $0 == "conv1.weight" ? "conv_1.weight" : $0 }
        .write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url, model: "resnet8") }
      withKnownIssue("the line takes the block's own conv1.weight for a prefixed one") {
        #expect(error?.description.contains("nearest is 'conv_1.weight'") == true, "\(error?.description ?? "")")
      }
    }
  }

  @Test("with a name that the format keeps for itself behind its prefix is refused, not a crash")
  func hostilePrefix() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      for name in ["module.__metadata__", "module."] {
        try Safetensors(tensors: [StoredTensor(name: name, shape: [1], floats: [1])]).write(to: url)
        #expect(throws: InputError.self) { try Checkpoint.read(url, model: "resnet8") }
      }
    }
  }
}
