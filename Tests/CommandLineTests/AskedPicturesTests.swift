import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

/// Pictures as they come from a camera or the web, asked about by `probe logits` and `probe features`.
@Suite("A probe of pictures", .tags(.cli))
struct AskedPicturesTests {
  /// 16×16, (16 · row, 16 · column, 128), as Pillow wrote it.
  private static let slope = png(
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAHElEQVR42mNkYGhgEGAgHrEIMJAGRjWMahg6GgAe"
      + "CgKejBV3kwAAAABJRU5ErkJggg==")
  /// 20 rows of 40 pixels, grey, 100 everywhere.
  private static let grey = png(
    "iVBORw0KGgoAAAANSUhEUgAAACgAAAAUCAAAAADaLSBnAAAAGElEQVR42mNMYSAOMDGMKhxVOKqQgYEBAIM/AIwT"
      + "qFyKAAAAAElFTkSuQmCC")

  private static func png(_ text: String) -> Data { Data(base64Encoded: text) ?? Data() }

  private func ask(_ folder: URL, _ line: String) throws -> CommandLineTool.Result {
    try CommandLineTool.run(["probe"] + line.split(separator: " ").map(String.init), in: folder)
  }

  /// A folder with two pictures, and what is none.
  private func lay(into folder: URL) throws -> ProbeSamples {
    for (path, bytes) in [
      ("photos/sub/z.png", Self.slope), ("photos/a,b.PNG", Self.grey), ("photos/.hidden.png", Self.slope),
      ("photos/notes.txt", Data("none".utf8)), ("photos/.git/c.png", Self.slope),
    ] {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: file)
    }
    return try ProbeSamples(folder)
  }

  /// The network's logits of the grey and of the coloured picture, normalised here.
  private func expected(_ samples: ProbeSamples) -> [Float] {
    let pixels = (0..<2 * 256 * 3).map { place -> Float in
      let (image, row, column, colour) = (place / 768, place / 48 % 16, place / 3 % 16, place % 3)
      let value = image == 0 ? 100 : [16 * row, 16 * column, 128][colour]
      return (Float(value) / 255 - [0.5, 0.4, 0.3][colour]) / 0.2
    }
    return samples.network.logits(Tensor(pixels, shape: [2, 16, 16, 3])).floats
  }

  @Test("scales and normalises them for the network, and calls them by their names")
  func folder() throws {
    try withTemporaryDirectory { folder in
      let samples = try lay(into: folder)
      let text = try ask(folder, "logits own.safetensors --images photos")
      #expect(text.code == 0 && text.errors.isEmpty, "\(text.summary)")
      let lines = text.output.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[1].hasPrefix("own.safetensors,\"a,b.PNG\",") && lines[2].hasPrefix("own.safetensors,sub/z.png,"))
      let found = lines.dropFirst().flatMap { $0.split(separator: ",").suffix(10).compactMap { Float($0) } }
      expectClose(found, expected(samples), relative: 1e-4, absolute: 1e-4)

      let page = try ask(folder, "logits own.safetensors --images photos/sub/z.png --json")
      let list = try JSONSerialization.jsonObject(with: Data(page.output.utf8)) as? [[String: Any]]
      #expect(list?[0]["names"] as? [String] == ["z.png"])
      let rows = try #require(list?[0]["logits"] as? [[Double]])
      expectClose(rows[0].map(Float.init), Array(expected(samples)[10...]), relative: 1e-4, absolute: 1e-4)

      let features = try ask(folder, "features layer3 own.safetensors --images photos --out f.npy")
      #expect(features.output == "f.npy: features [2, 64, 4, 4]\n", "\(features.summary)")
    }
  }

  @Test("takes arrays of NumPy as they are, and options of a data set")
  func others() throws {
    try withTemporaryDirectory { folder in
      let samples = try lay(into: folder)
      let stored = try #require(try Safetensors.read(samples.images)["images"])
      try NumPyWriter.write(stored, to: folder.appendingPathComponent("x.npy"))
      let answers = try ["x.npy", "x.safetensors"].map {
        try ask(folder, "logits own.safetensors --images \($0)").output
      }
      #expect(answers[0] == answers[1] && answers[0].contains("own.safetensors,2,"))
      let data = try ask(
        folder, "logits own.safetensors --data part-shapes --set data.size=16 --set data.test=30 --set data.train=60")
      #expect(data.code == 0 && data.output.count { $0 == "\n" } == 31, "\(data.summary)")
    }
  }

  @Test(
    "that cannot be answered ends with exit code 2 and one line",
    arguments: [
      ("logits own.safetensors --images empty", "empty: holds no picture; files that end in .png, .jpg"),
      ("logits own.safetensors --images photos/notes.txt", "/photos/notes.txt: is "),
      ("logits own.safetensors --images nothing.png", "/nothing.png: no such file"),
      (
        "logits foreign.safetensors --model resnet8 --images photos",
        "/foreign.safetensors: the file does not say how its images are normalised; say it, such as --normalization"
      ),
      (
        "logits own.safetensors --images photos --set data.size=16",
        "--set data.size=16: stands beside --images; it is an option of --data"
      ),
      ("logits own.safetensors --data image-folder", "data.path: is missing"),
    ])
  func refused(_ line: String, _ expected: String) throws {
    try withTemporaryDirectory { folder in
      _ = try lay(into: folder)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
      let outcome = try ask(folder, line)
      #expect(
        outcome.code == 2 && outcome.output.isEmpty && outcome.errors.contains(expected)
          && outcome.errors.count { $0 == "\n" } == 1, "\(outcome.summary)")
    }
  }
}
