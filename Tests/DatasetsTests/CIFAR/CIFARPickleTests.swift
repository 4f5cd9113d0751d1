import Checkpoints
import Datasets
import Foundation
import Support
import TestSupport
import Testing

@Suite("CIFAR's Python version", .tags(.golden)) struct CIFARPickleTests {
  private func golden(_ name: String, _ part: String = "file") throws -> [UInt8] {
    [UInt8](try #require(try Golden.load("pickles")["\(name)/\(part)"]).bytes)
  }

  private func folder(_ batch: String, meta: String?) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Folders.create(folder.url.appendingPathComponent("cifar-10-batches-py"))
    for name in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
      _ = try folder.write("cifar-10-batches-py/\(name)", golden(batch))
    }
    if let meta { _ = try folder.write("cifar-10-batches-py/batches.meta", golden(meta)) }
    return folder
  }

  @Test(
    "is read like the binary one, whichever Python wrote it",
    arguments: ["python2-10", "protocol-2", "protocol-3", "protocol-4", "protocol-5", "protocol-4-bytes"])
  func ten(_ batch: String) throws {
    let folder = try folder(batch, meta: "python2-meta")
    let given: [String: OptionValue] = ["path": .text(folder.url.path), "development": .number(5)]
    let splits = try load("cifar10", given)
    #expect(splitSizes(splits) == [10, 5, 3] && splits.test.labels == [6, 0, 9])
    #expect(splits.test.classes == (0..<10).map { "thing \($0)" })
    let planes = try golden(batch, "data")
    for (image, row, column, channel) in [(0, 0, 0, 0), (1, 31, 0, 1), (2, 0, 31, 2), (2, 7, 20, 0)] {
      let expected = planes[image * 3072 + channel * 1024 + row * 32 + column]
      #expect(splits.test.withImage(image) { $0[(row * 32 + column) * 3 + channel] } == expected)
    }
    // The folder itself, without names.
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("cifar-10-batches-py/batches.meta"))
    let own = try load("cifar10", given.merging(["path": .text(folder.url.path + "/cifar-10-batches-py")]) { $1 })
    #expect(own.test.pixels == splits.test.pixels && own.test.classes[3] == "cat")
  }

  @Test("of 100 classes has fine and coarse labels with their names")
  func hundred() throws {
    let folder = try TemporaryFolder()
    try Folders.create(folder.url.appendingPathComponent("cifar-100-python"))
    for name in ["train", "test"] {
      _ = try folder.write("cifar-100-python/\(name)", golden("python2-100-fine"))
    }
    _ = try folder.write("cifar-100-python/meta", golden("python2-100-meta"))
    let given: [String: OptionValue] = ["path": .text(folder.url.path), "development": .number(1)]
    for (labels, expected, name) in [("fine", [99, 0], "fine_99"), ("coarse", [19, 3], "kind_19")] {
      let line = try complaint {
        let splits = try load("cifar100", given.merging(["labels": .text(labels)]) { $1 })
        #expect(splits.test.labels == expected.map { Int32($0) } && splits.test.classes.last == name)
      }
      // Two images cannot be split by a hundred classes; that comes after reading.
      if let line { #expect(line.hasPrefix("data."), "\(line)") }
    }
  }

  @Test("with files that hold something else is refused with file and reason")
  func refused() throws {
    let path = "data_batch_2"
    for (bytes, expected) in [
      (try golden("python2-meta"), "holds no array 'data'"), (try golden("python2-100-fine"), "holds no list 'labels'"),
      (
        [0x80, 2] + Array("cos\nsystem\n".utf8) + [0x2E], "byte 2: the pickle names 'os.system'; nothing of it was run"
      ),
      (Array(try golden("python2-10").dropLast(4000)), "are left; it is cut short"), ([], "byte 0: the pickle ends"),
      (CIFARTests.records([[1]]), "is not carried out"),
    ] {
      let folder = try folder("python2-10", meta: nil)
      _ = try folder.write("cifar-10-batches-py/\(path)", bytes)
      let line = try complaint { _ = try load("cifar10", ["path": .text(folder.url.path)]) }
      #expect(line?.contains(path) == true && line?.contains(expected) == true, "\(line ?? "was read")")
    }
  }
}
