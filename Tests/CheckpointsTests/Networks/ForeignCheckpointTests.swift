import Checkpoints
import Foundation
import Models
import Support
import Tensors
import TestSupport
import Testing

@Suite("A foreign checkpoint")
struct ForeignCheckpointTests {
  /// torchvision's stems have other kernels than those for small images: the file's decide, not the images.
  @Test(
    "keeps the stem of its file for images of another size",
    arguments: ["resnet18", "shufflenet-v2-x0.5"], [(224, 48, "large"), (32, 160, "small")])
  func form(_ name: String, _ sizes: (trained: Int, asked: Int, stem: String)) throws {
    let network = try sampleNetwork(name, size: sizes.trained)
    let tensors = network.namedParameters.map {
      StoredTensor(name: $0.name, shape: $0.parameter.tensor.shape.dimensions, floats: $0.parameter.tensor.floats)
    }
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("foreign.safetensors")
      try Safetensors(metadata: [:], tensors: tensors).write(to: url)
      for model in [name, nil] {
        let read = try Checkpoint.read(url, model: model, imageSize: (sizes.asked, sizes.asked)).network
        #expect(read.specification.height == sizes.asked && read.specification.options["stem"] == .text(sizes.stem))
        let images = Tensor.normal([1, sizes.asked, sizes.asked, 3], Philox(seed: 3))
        #expect(read.logits(images).floats == network.logits(images).floats)
        // At the size that the file is for, nothing has to be said.
        let own = try Checkpoint.read(url, model: model, imageSize: (sizes.trained, sizes.trained)).network
        #expect(own.specification.options["stem"] == nil)
      }
    }
  }

  @Test("of two networks side by side is refused with the key of each, and read by it")
  func parts() throws {
    let network = try sampleNetwork("resnet8")
    let tensors = ["student", "teacher"].flatMap { half in
      network.namedParameters.map {
        StoredTensor(
          name: "\(half).\($0.name)", shape: $0.parameter.tensor.shape.dimensions, floats: $0.parameter.tensor.floats)
      }
    }
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("both.safetensors")
      try Safetensors(metadata: [:], tensors: tensors).write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url) }
      #expect(error?.description.contains("'teacher' is resnet8; take one by --key student") == true)
      #expect(try Checkpoint.read(url, key: "teacher").network.specification.name == "resnet8")
      #expect(throws: InputError.self) { try Checkpoint.read(url, key: "teach") }
    }
  }

  @Test("says for images of which size it is, where that alone is in its way")
  func size() throws {
    let network = try sampleNetwork("alexnet", size: 128)
    let tensors = network.namedParameters.map {
      StoredTensor(name: $0.name, shape: $0.parameter.tensor.shape.dimensions, floats: $0.parameter.tensor.floats)
    }
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("a.safetensors")
      try Safetensors(metadata: [:], tensors: tensors).write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url, imageSize: (32, 32)) }
      #expect(error?.description.contains("at least 63×63") == true, "\(error?.description ?? "")")
    }
  }

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

  /// A network whose k-th tensor is full of k: drawing the weights of a large one takes long.
  private func numbered(_ name: String) throws -> any Network {
    let network = try ModelCatalog.blank(ModelSpecification(name, classes: 5))
    for (place, entry) in network.namedParameters.enumerated() {
      entry.parameter.tensor.mutate { $0.update(repeating: Float(place)) }
    }
    return network
  }

  @Test(
    "is recognised by its tensors alone",
    arguments: [
      "resnet8", "resnet20", "cnn6", "vgg8", "resnet8x4", "wrn-10-2", "wrn-22-3", "mobilenet-v2-small",
      "shufflenet-v1", "shufflenet-v2", "shufflenet-v2-x0.5", "resnet18",
    ])
  func recognised(_ name: String) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let network = try numbered(name)
      _ = try foreign(network, at: url)
      let read = try Checkpoint.read(url)
      #expect(read.network.specification.name == name && read.origin?.renamed.isEmpty == true)
      #expect(values(of: read.network) == values(of: network))
    }
  }

  @Test("that begins as a network and does not end as it is refused by the tensor that is missing")
  func headless() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let first = StoredTensor(name: "conv1.weight", shape: [16, 3, 3, 3], floats: [Float](repeating: 0, count: 432))
      try Safetensors(tensors: [first]).write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url, model: "resnet8") }
      let line = "\(url.path): the tensors are not those of resnet8; check --model: 'fc.weight' is missing"
      #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
    }
  }

  @Test("with other programs' names for the last layer and shortcuts is read, and says what it renamed")
  func secondNames() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      for (name, head, shortcut) in [("resnet8", "linear", "shortcut"), ("resnet18", "classifier", "skip")] {
        let network = try numbered(name)
        try renamed(foreign(network, at: url)) {
          "net." + $0.replacing("fc.", with: head + ".").replacing("downsample", with: shortcut)
        }.write(to: url)
        for model in [nil, name] {
          let read = try Checkpoint.read(url, model: model)
          #expect(values(of: read.network) == values(of: network))
          #expect(read.origin?.prefix == "net.")
          let pairs = read.origin?.renamed ?? []
          #expect(pairs.contains { $0.file == "\(head).bias" && $0.network == "fc.bias" })
          #expect(pairs.count(where: { $0.file.contains(".\(shortcut).") }) == pairs.count - 2)
        }
      }
    }
  }

  @Test("without parameters at its shortcuts is the network with padded ones")
  func padded() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let network = try ModelCatalog.build(
        ModelSpecification("resnet14", classes: 4, options: ["shortcut": .text("pad")]), seed: 2)
      _ = try foreign(network, at: url)
      let read = try Checkpoint.read(url)
      #expect(read.origin?.options == ["shortcut": .text("pad")])
      #expect(values(of: read.network) == values(of: network))
    }
  }

  @Test(
    "is found by torchvision's spelling of its network",
    arguments: [
      ("mobilenet_v2", "mobilenet-v2"), ("mobilenetv2", "mobilenet-v2"), ("vgg16_bn", "vgg16"),
      ("shufflenet_v2_x0_5", "shufflenet-v2-x0.5"), ("shufflenet_v2_x1_0", "shufflenet-v2"), ("resnet50", "resnet50"),
      ("wrn_16_2", "wrn-16-2"), ("wrn-22-3", "wrn-22-3"), ("lenet", "lenet"),
    ])
  func spelling(_ name: String, _ expected: String) { #expect(ModelCatalog.canonicalName(name) == expected) }

  @Test("that no network of the catalogue has is refused with the three nearest")
  func nearest() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let file = try foreign(try sampleNetwork("resnet14"), at: url)
      // One tensor fewer, one misshapen, one more.
      try Safetensors(
        tensors: file.tensors.filter { $0.name != "layer2.1.bn2.bias" }.map { tensor in
          tensor.name == "bn1.bias" ? StoredTensor(name: tensor.name, shape: [3], floats: [1, 2, 3]) : tensor
        } + [StoredTensor(name: "scale", shape: [], floats: [1])]
      ).write(to: url)
      let error = #expect(throws: InputError.self) { try Checkpoint.read(url) }
      let line = error?.description ?? ""
      #expect(line.contains("nearest are resnet14 (missing 1, extra 1, misshapen 1), "), "\(line)")
      #expect(line.count(where: { $0 == "(" }) == 3, "\(line)")
    }
  }

  @Test("is refused in one line with a wrong name, or with another network's")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      _ = try foreign(try sampleNetwork("resnet8"), at: url)
      for (name, expected) in [
        ("resnet21", "--model: ResNet depth 21 does not exist; depths are 6n+2: 8, 14, 20, 26, 32, 44, 56, 110"),
        ("cnn3", "--model: a plain network with 3 convolutions does not exist; there are 2, 4, 6, 8, 10"),
        ("restnet8", "--model: there is no model 'restnet8'; did you mean 'resnet8'? known: alexnet, cnn10,"),
        ("vgg11", "\(url.path): the tensors are not those of vgg11; check --model"),
        ("cnn2", "\(url.path): tensor 'conv1.weight' has shape [16, 3, 3, 3]; cnn2 needs [32, 3, 3, 3]"),
        (
          "resnet14",
          "\(url.path): tensor 'layer1.1.conv1.weight' of resnet14 is missing; check --model"
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
    arguments: [
      "module.", "_orig_mod.", "model.", "backbone.", "module._orig_mod.", "_orig_mod.module.model.", "student.net.",
      "module.encoder.",
    ])
  func wrapped(_ prefix: String) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      let network = try sampleNetwork("resnet8")
      try renamed(foreign(network, at: url)) { prefix + $0 }.write(to: url)
      #expect(values(of: try Checkpoint.read(url, model: "resnet8").network) == values(of: network))
    }
  }

  @Test("with a prefix that some names lack is refused with the prefix", arguments: ["module.", "student.net."])
  func prefixed(_ prefix: String) throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("f.safetensors")
      try renamed(foreign(try sampleNetwork("resnet8"), at: url)) { $0 == "fc.bias" ? $0 : prefix + $0 }
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
      #expect(error?.description.contains("nearest is 'conv_1.weight'") == true, "\(error?.description ?? "")")
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
