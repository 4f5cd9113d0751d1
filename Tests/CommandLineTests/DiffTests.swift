import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("A difference of checkpoints", .tags(.cli))
struct DiffTests {
  private func write(_ name: String, _ folder: URL, _ tensors: [StoredTensor]) throws {
    try Safetensors(tensors: tensors).write(to: folder.appendingPathComponent(name))
  }

  private func lay(_ folder: URL) throws {
    let (conv, fc) = ("conv1.weight", "fc.weight")
    func floats(_ name: String, _ values: [Float]) -> StoredTensor {
      StoredTensor(name: name, shape: [values.count], floats: values)
    }
    try write("a.safetensors", folder, [floats(conv, [1, 2]), floats(fc, [3, 4])])
    try write("same.safetensors", folder, [floats(fc, [3, 4]), floats(conv, [1, 2])])
    try write("near.safetensors", folder, [floats(conv, [1, 2]), floats(fc, [3, -4])])
    try write(
      "module.safetensors", folder, [floats("module.conv1.weight", [1, 2]), floats("module.fc.weight", [3, 4])])
    try write("other.safetensors", folder, [floats(conv, [1, 2]), floats("head.bias", [7, 7, 7])])
  }

  @Test("that there is none says nothing and ends with 0")
  func same() throws {
    try withTemporaryDirectory { folder in
      try lay(folder)
      let outcome = try CommandLineTool.run(["diff", "a.safetensors", "same.safetensors"], in: folder)
      #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.summary)")
      let near = try CommandLineTool.run(
        ["diff", "a.safetensors", "near.safetensors", "--tolerance", "1.7"], in: folder)
      #expect(near.code == 0 && near.output.isEmpty, "\(near.summary)")
    }
  }

  @Test("is printed as a table, ends with 1 and leaves standard error alone")
  func different() throws {
    try withTemporaryDirectory { folder in
      try lay(folder)
      let outcome = try CommandLineTool.run(["diff", "a.safetensors", "near.safetensors"], in: folder)
      #expect(outcome.code == 1 && outcome.errors.isEmpty, "\(outcome.summary)")
      #expect(
        outcome.output == """
          A  a.safetensors
          B  near.safetensors
          different
            tensor     shape  type  distance  cosine  largest  sign flips  not finite
            fc.weight  [2]    F32   1.6       -0.28   8        1 of 2      0
          1 of 2 tensors differ; all values: distance 1.461, cosine -0.06667

          """)
    }
  }

  @Test("in names shows the prefix, and tensors that only one file has")
  func names() throws {
    try withTemporaryDirectory { folder in
      try lay(folder)
      let prefix = try CommandLineTool.run(["diff", "a.safetensors", "module.safetensors"], in: folder)
      #expect(prefix.code == 0 && prefix.output.isEmpty && prefix.errors.contains("every name begins with 'module.'"))
      try write(
        "net.safetensors", folder,
        [
          StoredTensor(name: "net.conv1.weight", shape: [2], floats: [1, 2]),
          StoredTensor(name: "net.fc.weight", shape: [2], floats: [3, 4]),
        ])
      let own = try CommandLineTool.run(["diff", "a.safetensors", "net.safetensors"], in: folder)
      #expect(own.code == 1)
      #expect(own.output.contains("names of B begin with 'net.', those of A do not\n0 of 2 tensors differ"))
      let other = try CommandLineTool.run(["diff", "a.safetensors", "other.safetensors"], in: folder)
      #expect(other.output.contains("only in A\n  fc.weight  [2]  F32\nonly in B\n  head.bias  [3]  F32\n"))
    }
  }

  @Test("as JSON is one document")
  func json() throws {
    try withTemporaryDirectory { folder in
      try lay(folder)
      let outcome = try CommandLineTool.run(["diff", "a.safetensors", "near.safetensors", "--json"], in: folder)
      #expect(outcome.code == 1 && outcome.errors.isEmpty)
      let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(page["same"] as? Bool == false && page["prefix"] is NSNull)
      let tensors = try #require(page["tensors"] as? [[String: Any]])
      #expect(tensors.count == 2 && tensors.last?["sign_flips"] as? Int == 1)
    }
  }

  @Test(
    "of files that are none is the user's error", arguments: [["a.safetensors", "absent"], ["a.safetensors", "bad"]])
  func broken(_ files: [String]) throws {
    try withTemporaryDirectory { folder in
      try lay(folder)
      try Data("nonsense".utf8).write(to: folder.appendingPathComponent("bad"))
      let outcome = try CommandLineTool.run(["diff"] + files, in: folder)
      #expect(outcome.code == 2 && outcome.output.isEmpty && outcome.errors.count { $0 == "\n" } == 1)
    }
  }
}
