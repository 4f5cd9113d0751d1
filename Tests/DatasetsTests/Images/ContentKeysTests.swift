import Datasets
import Foundation
import Support
import Testing

@Suite("Keys of a split's content")
struct ContentKeysTests {
  private func keys(_ set: ImageSet, _ cache: URL? = nil) throws -> ContentKeys {
    let digests = FileDigests(cache)
    let keys = try ContentKeys(of: set, digests) {}
    try digests.write()
    return keys
  }

  private func set(_ pixels: [UInt8], _ labels: [Int32], _ masks: [UInt8]? = nil) -> ImageSet {
    ImageSet(
      name: "s", height: 2, width: 2, channels: 1, classes: ["a", "b"], pixels: pixels, labels: labels, masks: masks)
  }

  @Test("say which of images, labels, masks and number has changed")
  func changes() throws {
    let pixels = Array(UInt8(0)..<8)
    let before = try keys(set(pixels, [0, 1], pixels.map { $0 % 2 }))
    func changed(_ other: ImageSet) throws -> [String] { try keys(other).changes(since: before, of: "test") }
    #expect(try changed(set(pixels, [0, 1], pixels.map { $0 % 2 })).isEmpty)
    #expect(try changed(set(pixels.reversed(), [0, 1], pixels.map { $0 % 2 })) == ["test images"])
    #expect(try changed(set(pixels, [1, 0], pixels.map { $0 % 2 })) == ["test labels"])
    #expect(try changed(set(pixels, [1, 1])) == ["test labels and masks"])
    #expect(try changed(set(Array(pixels.prefix(4)), [0])) == ["number of test images (2, now 1)"])
  }

  @Test("of pictures in files are those of the files' bytes, and follow each change of them")
  func pictures() throws {
    let folder = try TemporaryFolder()
    for (place, name) in ["a/0", "a/1", "a/2", "a/3", "b/0", "b/1", "b/2", "b/3"].enumerated() {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent("pictures/\(name.prefix(1))"), withIntermediateDirectories: true)
      _ = try folder.write("pictures/\(name).png", png(height: 4, width: 4, Array(repeating: UInt8(place), count: 16)))
    }
    let path = folder.url.appendingPathComponent("pictures").path
    let (cache, changed) = (folder.url.appendingPathComponent("cache"), "\(path)/a/2.png")
    func train() throws -> ImageSet {
      try load(
        "image-folder",
        ["path": .text(path), "memory": .number(0), "development": .number(2), "test": .number(2)]
      ).train
    }
    let set = try train()
    #expect(!set.isInMemory && set.count == 4)
    let fresh = try keys(set, cache)
    // What was written a moment ago is not trusted: a change in the same tick would not show.
    #expect(!FileManager.default.fileExists(atPath: cache.path))
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) where name.hasSuffix(".png") {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: "\(path)/\(name)")
    }
    Thread.sleep(forTimeInterval: 3.1)
    #expect(try keys(set, cache) == fresh)
    let lines = try String(contentsOf: cache, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4)
    // A digest that is kept is taken: another one in its place gives another key.
    try Data(lines.map { "\(String(repeating: "0", count: 64))\($0.dropFirst(64))\n" }.joined().utf8).write(to: cache)
    #expect(try keys(set, cache) != fresh)
    // The same size and time do not hide other bytes: the change of the file's own entry does not go back.
    try Data(png(height: 4, width: 4, Array(repeating: 99, count: 16))).write(to: URL(fileURLWithPath: changed))
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: cache)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: changed)
    let all = try load(
      "image-folder", ["path": .text(path), "memory": .number(0), "development": .number(2), "test": .number(2)])
    let now = try [all.train, all.development, all.test].map { try keys($0, cache) }
    let then = try [all.train, all.development, all.test].map { try keys($0) }
    #expect(now == then)
  }
}
