import Checkpoints
import Foundation
import Models
import Support
import Tensors
import TestSupport
import Testing

@Suite("The classes of a checkpoint and of data")
struct ClassMatchTests {
  /// A network of three classes, read from a file that names them.
  private func checkpoint(_ names: [String], _ model: String = "resnet8", in folder: URL) throws -> Checkpoint {
    let network = try sampleNetwork(model, classes: 3)
    var facts = sampleFacts(of: network)
    facts.classes = names
    let url = folder.appendingPathComponent("c.safetensors")
    try Checkpoint.write(network, facts, to: url)
    return try Checkpoint.read(url)
  }

  @Test("in another order are matched by name", arguments: ["resnet8", "vgg8", "alexnet", "cnn2"])
  func reordered(_ model: String) throws {
    try withTemporaryDirectory { folder in
      let read = try checkpoint(["owl", "dog", "cat"], model, in: folder)
      let images = Tensor.normal([2, 32, 32, 3], Philox(seed: 2))
      let before = read.network.logits(images).floats
      #expect(try read.matchClasses(["cat", "owl", "dog"], of: "birds", path: "c") == .reordered)
      let after = read.network.logits(images).floats
      // By hand: cat was the third, owl the first, dog the second.
      for row in 0..<2 {
        for (now, then) in zip(0..<3, [2, 0, 1]) { #expect(abs(after[3 * row + now] - before[3 * row + then]) < 1e-5) }
      }
      #expect(Set(before).count > 3)
    }
  }

  @Test("that are the same, or are not named, stay where they are")
  func untouched() throws {
    try withTemporaryDirectory { folder in
      for (own, data, match) in [
        (["a", "b", "c"], ["a", "b", "c"], ClassMatch.same), (["0", "1", "2"], ["a", "b", "c"], .unnamed),
        (["a", "b", "c"], ["0", "1", "2"], .unnamed), ([], ["a", "b", "c"], .unnamed),
      ] {
        let read = try checkpoint(own, in: folder)
        let before = values(of: read.network)
        #expect(try read.matchClasses(data, of: "set", path: "c") == match)
        #expect(values(of: read.network) == before)
      }
    }
  }

  @Test("that the file does not name are numbers")
  func unnamed() throws {
    try withTemporaryDirectory { folder in
      _ = try checkpoint(["a", "b", "c"], in: folder)
      let url = folder.appendingPathComponent("c.safetensors")
      let file = try Safetensors.read(url)
      let entries = file.metadata.filter { $0.key != "kdscope.classes" }
      try Safetensors(metadata: entries, tensors: file.tensors).write(to: url)
      let read = try Checkpoint.read(url)
      #expect(read.facts?.classes == [] && read.facts?.epoch == 7)
      #expect(try read.matchClasses(["a", "b", "c"], of: "set", path: "c") == .unnamed)
    }
  }

  @Test("that differ are refused in one line with both")
  func refused() throws {
    try withTemporaryDirectory { folder in
      for (own, data, line) in [
        (["a", "b", "c"], ["a", "b", "d"], "c: the network's classes are a, b, c; those of set are a, b, d"),
        (["a", "b", "c"], ["a", "b"], "c: the network has 3 classes: a, b, c; set has 2: a, b"),
        (["a", "b"], ["a", "b"], nil),
        (["a", "a", "b"], ["a", "b", "c"], "c: the network's classes are a, a, b; those of set are a, b, c"),
      ] {
        let read = try checkpoint(own, in: folder)
        guard let line else {
          #expect(try read.matchClasses(data, of: "set", path: "c") == .same)
          continue
        }
        let error = #expect(throws: InputError.self) { try read.matchClasses(data, of: "set", path: "c") }
        #expect(error?.description == line)
      }
    }
  }
}
