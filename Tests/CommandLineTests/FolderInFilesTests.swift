import Foundation
import TestSupport
import Testing

/// `data.memory: 0` leaves every picture in its file.
@Suite("Pictures that stay in their files", .tags(.cli))
struct FolderInFilesTests {
  /// Eighteen training and twelve test pictures of two classes, of grey pixels.
  private func lay(into folder: URL) throws {
    for (split, count) in [("train", 18), ("test", 12)] {
      for index in 0..<count {
        let place = folder.appendingPathComponent("pictures/\(split)/\(index % 2 == 0 ? "dark" : "light")")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let pixels = (0..<256).map { UInt8(($0 % 16 * 4 + $0 / 16 * (index % 5) + index % 2 * 100 + index) % 256) }
        try greyPNG(height: 16, width: 16, pixels).write(to: place.appendingPathComponent("\(index).png"))
      }
    }
  }

  private func recipe(_ name: String, memory: Int) -> String {
    """
    name: \(name)
    data:
      { set: image-folder, path: pictures, size: 16, memory: \(memory), development: 6, masks: box, mixup: 0.3,
        cutout: 3, hue: 0.1 }
    teacher: { model: resnet8 }
    student: { model: cnn2 }
    students:
      logits: { distillation: [ { method: kd } ] }
      classes: { distillation: [ { method: crd }, { method: similarity-preserving } ] }
    training: { epochs: 2, batch: 8 }
    analysis:
      { layers: [conv2], probe-images: 3, grid: 4, draws: 4, iterations: 4, epochs: [2], procedure: both,
        published: { draws: 4, steps: 2, extra-steps: 1 } }
    threads: 1

    """
  }

  @Test("train, cache, measure and report, bit by bit as those in memory do")
  func run() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      var found: [[String: String]] = []
      for memory in [0, 100] {
        let place = folder.appendingPathComponent("\(memory)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
          at: place.appendingPathComponent("pictures"), withDestinationURL: folder.appendingPathComponent("pictures"))
        try Data(recipe("small", memory: memory).utf8).write(to: place.appendingPathComponent("small.yaml"))
        let run = try CommandLineTool.run(
          ["run", "small.yaml", "--quiet", "--cache-teacher", "--tensorboard"], in: place)
        #expect(run.code == 0, "\(run.summary)")
        let tensors = try Fingerprints.tensors(below: place.appendingPathComponent("runs"))
        // Answers lie in a folder named after their pictures: the bytes of the files, or the pixels.
        found.append(
          Dictionary(
            uniqueKeysWithValues: tensors.map { path, hash in
              (path.replacing(/teacher-answers\/[0-9a-f]+/, with: "teacher-answers"), hash)
            }))
      }
      #expect(!found[0].isEmpty && found[0] == found[1])
      let place = folder.appendingPathComponent("0")
      let report = try CommandLineTool.run(["report", "small", "--quiet", "--card"], in: place)
      #expect(report.code == 0, "\(report.summary)")
      // Nobody has drawn what the page calls the object.
      let page = try String(contentsOf: place.appendingPathComponent("reports/small/report.md"), encoding: .utf8)
      #expect(page.contains("no masks: the object is the central box of each image"))
    }
  }

  @Test("are compared, and asked by every probe")
  func questions() throws {
    try withTemporaryDirectory { folder in
      try lay(into: folder)
      try Data(recipe("small", memory: 0).utf8).write(to: folder.appendingPathComponent("small.yaml"))
      let compared = try CommandLineTool.run(
        ["compare", "similarity-preserving", "--recipe", "small.yaml", "--set", "name=two", "--quiet"], in: folder)
      #expect(compared.code == 0, "\(compared.summary)")
      let training = "runs/two/seed-1/baseline"
      let (first, second) = ("\(training)/epoch-001.safetensors", "\(training)/epoch-002.safetensors")
      let data = [
        "--data", "image-folder", "--set", "data.path=pictures", "--set", "data.size=16", "--set", "data.memory=0",
        "--set", "data.masks=box", "--set", "data.development=6",
      ]
      let few = ["--count", "2", "--grid", "4", "--draws", "4", "--iterations", "4", "--quiet"]
      let questions = [
        ["probe", "accuracy", second, "--out", "accuracy"] + data, ["probe", "logits", second] + data,
        ["probe", "compare", first, second, "--out", "compare"] + data,
        ["probe", "entropy", second, "--out", "entropy"] + few + data,
        ["probe", "concepts", second, "--out", "concepts"] + few + data,
        ["probe", "features", "conv1", second, "--out", "features.npy"] + data,
      ]
      for question in questions {
        let outcome = try CommandLineTool.run(question, in: folder)
        #expect(outcome.code == 0, "\(question): \(outcome.summary)")
      }
    }
  }
}
