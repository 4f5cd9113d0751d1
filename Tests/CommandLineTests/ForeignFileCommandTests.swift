import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("Foreign files on the command line", .tags(.cli))
struct ForeignFileCommandTests {
  private static let foreign = Golden.folder.appendingPathComponent("foreign")

  private static func path(_ name: String) -> String { foreign.appendingPathComponent(name).path }

  @Test(
    "are converted to every format bit for bit, and the difference is none", arguments: ["safetensors", "npz", "pth"])
  func converted(_ format: String) throws {
    try withTemporaryDirectory { folder in
      let source = Self.path("training-state_dict-zip.pth")
      let outcome = try CommandLineTool.run(["convert", source, "out.\(format)", "--json"], in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let page = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(page["format"] as? String == "pytorch-zip" && page["key"] as? String == "state_dict")
      #expect(page["tensors"] as? Int == 8 && (page["skipped"] as? [Any])?.count == 4)
      #expect(outcome.errors.contains("args holds argparse.Namespace, skipped"))
      let difference = try CommandLineTool.run(["diff", source, "out.\(format)"], in: folder)
      #expect(difference.code == 0 && difference.output.isEmpty, "\(difference.summary)")
    }
  }

  @Test("keep or lose their prefix, and are rounded where that is asked for")
  func options() throws {
    try withTemporaryDirectory { folder in
      let source = Self.path("prefix-module-_orig_mod-legacy.pt")
      let kept = try CommandLineTool.run(["convert", source, "kept.safetensors", "--keep-prefix"], in: folder)
      #expect(kept.code == 0 && kept.errors.isEmpty, "\(kept.summary)")
      let file = try Safetensors.read(folder.appendingPathComponent("kept.safetensors"))
      #expect(file["module._orig_mod.fc.bias"]?.type == .f32)
      let bare = try CommandLineTool.run(["convert", source, "half.pth", "--dtype", "bf16"], in: folder)
      #expect(bare.code == 0 && bare.errors.contains("every name begins with 'module._orig_mod.'"), "\(bare.summary)")
      let half = try WeightArchive.read(folder.appendingPathComponent("half.pth")).loaded()
      #expect(half["fc.bias"]?.type == .bf16 && half["bn1.num_batches_tracked"]?.type == .i64)
    }
  }

  @Test("are never written over, whatever the path or the link to them")
  func ownInput() throws {
    try withTemporaryDirectory { folder in
      let whole = try Data(contentsOf: URL(fileURLWithPath: Self.path("training-state_dict-zip.pth")))
      let file = folder.appendingPathComponent("in.pth")
      try whole.write(to: file)
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("link.npz"), withDestinationURL: file)
      for arguments in [
        ["convert", "in.pth", "in.pth"], ["convert", "in.pth", "../\(folder.lastPathComponent)/in.pth"],
        ["convert", "in.pth", "link.npz"],
      ] {
        let outcome = try CommandLineTool.run(arguments, in: folder)
        #expect(outcome.failed(2, "OUT: '\(arguments[2])' is the input 'in.pth'"), "\(outcome.summary)")
      }
      _ = try ProbeSamples(folder)
      for (ask, out) in [
        (["logits", "own.safetensors"], "own.safetensors"), (["logits", "own.safetensors"], "x.safetensors"),
        (["features", "fc", "own.safetensors"], "x.safetensors"),
      ] {
        let outcome = try CommandLineTool.run(
          ["probe"] + ask + ["--images", "x.safetensors", "--out", out], in: folder)
        #expect(outcome.failed(2, "--out: '\(out)' is the input '\(out)'"), "\(outcome.summary)")
      }
      #expect(try Data(contentsOf: file) == whole)
      let empty = try CommandLineTool.run(["convert", "in.pth", "out.npz", "--key", ""], in: folder)
      #expect(empty.failed(2, "--key: is empty; name where the weights stand"), "\(empty.summary)")
    }
  }

  @Test(
    "that are hostile, or nothing that is read, end with 2 and one line, and leave no file",
    arguments: ["call", "two", "half", "picture", "ending", "key"])
  func refused(_ kind: String) throws {
    try withTemporaryDirectory { folder in
      let whole = try Data(contentsOf: URL(fileURLWithPath: Self.path("state-dict-zip.pth")))
      let content: Data
      switch kind {
      case "call": content = Data("cposix\nsystem\n(S'touch was-here'\ntR.".utf8)
      case "two": content = try Data(contentsOf: URL(fileURLWithPath: Self.path("refused-two-candidates.pth")))
      case "half": content = whole.prefix(whole.count / 2)
      case "picture": content = Data([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0])
      default: content = whole
      }
      try content.write(to: folder.appendingPathComponent("in.pth"))
      let out = kind == "ending" ? "out.gguf" : "out.pth"
      for arguments in [
        ["convert", "in.pth", out] + (kind == "key" ? ["--key", "x"] : []),
        ["probe", "logits", "in.pth", "--images", "x.npy"],
      ] {
        if kind == "ending" || kind == "key", arguments[0] == "probe" { continue }
        let outcome = try CommandLineTool.run(arguments, in: folder)
        #expect(
          outcome.code == 2 && outcome.errors.count { $0 == "\n" } == 1 && outcome.output.isEmpty, "\(outcome.summary)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent(out).path))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("was-here").path))
    }
  }

  @Test("are summarised with what is known of them, whether or not their network is")
  func summary() throws {
    try withTemporaryDirectory { folder in
      let outcome = try CommandLineTool.run(
        ["probe", "summary", Self.path("training-state_dict-legacy.pt"), Self.path("tied-zip.pth"), "--json"],
        in: folder)
      #expect(outcome.code == 0, "\(outcome.summary)")
      let pages = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
      #expect(pages.count == 2 && pages[0]["format"] as? String == "pytorch-legacy" && pages[0]["model"] is NSNull)
      #expect((pages[0]["candidates"] as? [[String: Any]])?.count == 3)
      let weights = try #require(pages[1]["weights"] as? [[String: Any]])
      #expect(weights.map { $0["shared"] as? String } == [nil, "embedding.weight", "embedding.weight"])
      #expect(weights[0]["nan"] as? Int == 0 && weights[0]["dtype"] as? String == "F32")
      let structure = try CommandLineTool.run(
        ["probe", "summary", Self.path("tied-zip.pth"), "--json", "--structure"], in: folder)
      #expect(structure.code == 0 && !structure.output.contains("\"nan\""))
    }
  }
}
