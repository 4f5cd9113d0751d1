import Checkpoints
import Foundation
import TestSupport
import Testing

/// A probe takes what it is given.
@Suite("A probe of labelled pictures", .tags(.cli))
struct AskedSplitTests {
  /// 16×16, (16 · row, 16 · column, 128), as Pillow wrote it.
  private static let slope =
    Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAHElEQVR42mNkYGhgEGAgHrEIMJAGRjWMahg6GgAe"
        + "CgKejBV3kwAAAABJRU5ErkJggg==") ?? Data()

  /// Class folders of the sample's ten classes.
  private func lay(_ pictures: Int, into folder: URL) throws {
    for label in 0..<10 {
      let own = folder.appendingPathComponent(ProbeSamples.classes[label])
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      for picture in 0..<pictures { try Self.slope.write(to: own.appendingPathComponent("\(picture).png")) }
    }
  }

  private func page(_ folder: URL, _ data: [String], _ split: String?) throws -> [String: Any] {
    let line = ["probe", "accuracy", "own.safetensors"] + data + (split.map { ["--split", $0] } ?? []) + ["--json"]
    let outcome = try CommandLineTool.run(line, in: folder)
    #expect(outcome.code == 0, "\(outcome.summary)")
    let pages = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
    return try #require(pages?.first)
  }

  @Test(
    "is about all of class folders, about the only split, and about the split that is named",
    arguments: [
      ([("", 2)], nil, 20), ([("", 10)], "test", 20), ([("test", 3)], nil, 30), ([("test", 3)], "test", 30),
      ([("train", 2)], nil, 20), ([("development", 2), ("test", 1)], nil, 10),
      ([("development", 2), ("test", 1)], "development", 20), ([("train", 4), ("test", 3)], nil, 30),
    ] as [([(String, Int)], String?, Int)])
  func folders(_ parts: [(String, Int)], _ split: String?, _ images: Int) throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      for (name, pictures) in parts { try lay(pictures, into: folder.appendingPathComponent("p/\(name)")) }
      let page = try page(folder, ["--data", "image-folder", "--set", "data.path=p"], split)
      #expect(page["images"] as? Int == images)
      // A temperature is fitted where there are other images to fit it on.
      let isFitted = parts.count > 1 && split == nil || split == "test" && parts[0].1 == 10
      #expect((page["temperature"] is NSNull) == !isFitted && (page["at_end_of_range"] is NSNull) == !isFitted)
    }
  }

  @Test("is about all images of one array, and no more than their part where it is named")
  func arrays() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try Safetensors(tensors: [
        StoredTensor(name: "images", shape: [100, 16, 16, 3], floats: (0..<76_800).map { Float($0 % 251) / 251 }),
        StoredTensor(name: "labels", shape: [100], integers: (0..<100).map { $0 % 10 }),
      ]).write(to: folder.appendingPathComponent("a.safetensors"))
      let data = ["--data", "arrays", "--set", "data.path=a.safetensors"]
      #expect(try page(folder, data, nil)["images"] as? Int == 100)
      #expect((try page(folder, data, "test")["images"] as? Int ?? 0) < 100)
    }
  }

  @Test("refuses a split that is not there in one line, and asks of entropies the pictures that are")
  func others() throws {
    try withTemporaryDirectory { folder in
      _ = try ProbeSamples(folder)
      try lay(2, into: folder.appendingPathComponent("p/test"))
      let data = ["own.safetensors", "--data", "image-folder", "--set", "data.path=p"]
      let refused = try CommandLineTool.run(["probe", "accuracy"] + data + ["--split", "train"], in: folder)
      #expect(
        refused.failed(2, "--split: there is no folder train in p; there is test"), "\(refused.summary)")
      let maps = try CommandLineTool.run(
        ["probe", "entropy"] + data + ["--count", "2", "--grid", "2", "--iterations", "2", "--draws", "2", "--quiet"],
        in: folder)
      #expect(maps.code == 0 && maps.output.contains("whole image"), "\(maps.summary)")
      let logits = try CommandLineTool.run(["probe", "logits"] + data, in: folder)
      #expect(logits.output.split(separator: "\n").count == 21, "\(logits.summary)")
    }
  }
}
