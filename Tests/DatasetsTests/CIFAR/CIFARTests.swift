import Datasets
import Foundation
import Support
import TestSupport
import Testing

@Suite("CIFAR") struct CIFARTests {
  /// Records whose pixels tell image, channel, row and column.
  static func records(_ labels: [[UInt8]], shift: Int = 0) -> [UInt8] {
    labels.enumerated().flatMap { image, labels in
      labels
        + (0..<3072).map { place in
          UInt8(truncatingIfNeeded: (image + shift) * 7 + place / 1024 * 100 + place / 32 % 32 * 3 + place % 32)
        }
    }
  }

  private func makeCIFAR10(_ change: (TemporaryFolder) throws -> Void = { _ in }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for batch in 1...5 {
      let labels = (0..<20).map { [UInt8($0 % 10)] }
      _ = try folder.write("data_batch_\(batch).bin", Self.records(labels, shift: batch * 20))
    }
    _ = try folder.write("test_batch.bin", Self.records((0..<10).map { [UInt8($0)] }))
    try change(folder)
    return folder
  }

  private func options(_ folder: TemporaryFolder, _ more: [String: OptionValue] = [:]) -> [String: OptionValue] {
    ["path": .text(folder.url.path), "development": .number(20)].merging(more) { $1 }
  }

  @Test("planes of red, green and blue become pixels, rows stay rows")
  func layout() throws {
    let folder = try makeCIFAR10()
    let splits = try load("cifar10", options(folder, ["masks": .text("box")]))
    #expect(splitSizes(splits) == [80, 20, 10])
    #expect(splits.train.classes[3] == "cat" && splits.test.labels == (0..<10).map(Int32.init))
    for (row, column, channel) in [(0, 0, 0), (31, 0, 1), (0, 31, 2), (7, 20, 2), (20, 7, 0)] {
      let expected = UInt8(truncatingIfNeeded: 4 * 7 + channel * 100 + row * 3 + column)
      #expect(splits.test.withImage(4) { $0[(row * 32 + column) * 3 + channel] } == expected)
    }
    // Rows and columns 5 to 26.
    #expect(splits.development.masks?.prefix(1024).count { $0 == 1 } == 22 * 22)
    #expect(splits.development.masks?[5 * 32 + 26] == 1 && splits.development.masks?[4 * 32 + 26] == 0)
  }

  @Test("of 100 classes have fine and coarse labels, and names from their files")
  func coarse() throws {
    let folder = try TemporaryFolder()
    let labels = (0..<200).map { [UInt8($0 % 20), UInt8($0 % 100)] }
    _ = try folder.write("train.bin", Self.records(labels))
    _ = try folder.write("test.bin", Self.records(labels))
    let names = (0..<20).map { "kind \($0)\r\n" }.joined()
    _ = try folder.write("coarse_label_names.txt", Array((names + "\n").utf8))
    let fine = try load("cifar100", options(folder))
    #expect(fine.test.labels[57] == 57 && fine.test.classes.count == 100)
    let coarse = try load("cifar100", options(folder, ["labels": .text("coarse")]))
    #expect(coarse.test.labels[57] == 17 && coarse.test.classes.last == "kind19" && coarse.test.classes.count == 20)
    #expect(coarse.test.pixels == fine.test.pixels)
    _ = try folder.write("coarse_label_names.txt", Array("one\ntwo\n".utf8))
    let line = try complaint { _ = try load("cifar100", options(folder, ["labels": .text("coarse")])) }
    #expect(line?.contains("has 2 names; one for each of 20 classes is expected") == true)
  }

  @Test("whose files are some of one version and some of the other name the first that is absent")
  func mixed() throws {
    let folder = try makeCIFAR10 { folder in
      let old = folder.url.appendingPathComponent("data_batch_1.bin")
      try FileManager.default.moveItem(at: old, to: folder.url.appendingPathComponent("data_batch_1"))
    }
    let line = try complaint { _ = try load("cifar10", options(folder)) }
    #expect(
      line
        == "\(folder.url.path)/data_batch_1.bin: no such file; data.path is the folder unpacked from "
        + "cifar-10-binary.tar.gz or cifar-10-python.tar.gz"
    )
    let above = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: above.url.appendingPathComponent("cifar-100-python"), withIntermediateDirectories: true)
    let other = try complaint { _ = try load("cifar100", options(above)) }
    #expect(other?.hasPrefix("\(above.url.path)/cifar-100-python/train: no such file; ") == true, "\(other ?? "")")
  }

  @Test("hostile files are refused in one line each, sixty and more", arguments: [10, 100])
  func hostile(classes: Int) throws {
    let limits = classes == 10 ? [10] : [20, 100]
    let record = limits.count + 3072
    let good = Self.records((0..<6).map { image in limits.map { _ in UInt8(image) } })
    let cuts = BadFile.cut(
      good, at: [0, 1, 2, 100, record - 1, record + 1, record + 2, 2 * record - 1, good.count - 1])
    let labels = stride(from: 10, through: 255, by: 7).flatMap { value in
      limits.indices.compactMap { place -> BadFile? in
        guard value >= limits[place], value != 0x80 else { return nil }
        let image = value % 6
        var changed = good
        changed[image * record + place] = UInt8(value)
        return image == 0 && place == 0 && value == 0x80 ? nil : BadFile("label \(value) at \(image)", changed)
      }
    }
    let longer = (1...12).map { BadFile("\($0) bytes more", good + [UInt8](repeating: 0, count: $0)) }
    let others: [[UInt8]] = [
      [0x80, 2, 0x7D], [0x80] + good.dropFirst(), [0x80, 4] + [UInt8](repeating: 0, count: record - 2),
      [0x1F, 0x8B, 8],
      Array("airplane\n".utf8), [UInt8](repeating: 255, count: record), [UInt8](repeating: 200, count: record * 3),
      Array(good.reversed()) + [1], [UInt8](repeating: 0xFF, count: 100_000),
    ]
    let files = cuts + labels + longer + others.map { BadFile("made up", $0) }
    let refused = try BadFile.refusals(of: files, mustFail: true) {
      _ = try CIFARFile(path: $0, limits: limits, chosen: 0, archive: "cifar-\(classes)-binary.tar.gz")
    }
    #expect(refused >= 60)
  }
}
