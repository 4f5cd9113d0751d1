import Datasets
import Foundation
import Support
import TestSupport
import Testing

@Suite("Image folders") struct ImageFolderTests {
  /// Pictures of 3×5 pixels, whose first pixel tells them apart, and which are darker on the left.
  private func makeFolder(_ counts: [String: Int]) throws -> TemporaryFolder {
    try makeFolder(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  private func makeFolder(_ counts: [(name: String, count: Int)]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var number: UInt8 = 0
    for (name, count) in counts {
      let place = folder.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<count {
        number += 1
        let pixels = [number] + (1..<15).map { UInt8($0 % 5 * 40 + 1) }
        _ = try folder.write("\(name)/\(index).png", png(height: 3, width: 5, pixels))
      }
    }
    return folder
  }

  private let both = ["train/cat": 12, "train/ant": 8, "test/cat": 3, "test/ant": 2]

  @Test("give classes in the order of their names, and splits that share no image")
  func splits() throws {
    let folder = try makeFolder(both)
    let splits = try load("image-folder", ["path": .text(folder.url.path), "development": .number(5)])
    #expect(splitSizes(splits) == [15, 5, 5])
    #expect(splits.train.classes == ["ant", "cat"])
    #expect(splits.train.height == 3 && splits.train.width == 5 && splits.train.channels == 3)
    #expect(splits.development.classCounts == [2, 3] && splits.test.classCounts == [2, 3])
    #expect(Set([splits.train, splits.development, splits.test].flatMap(images)).count == 25)
    // Columns run along the row: width and height are not swapped.
    #expect(Array(images(splits.test)[0][3..<15]) == [41, 41, 41, 81, 81, 81, 121, 121, 121, 161, 161, 161])
    #expect(splits.development.masks == nil)
  }

  @Test("of classes alone are split by class")
  func classesAlone() throws {
    let folder = try makeFolder(["b": 20, "a": 10])
    let splits = try load("image-folder", ["path": .text(folder.url.path)])
    #expect(splitSizes(splits) == [21, 3, 6])
    #expect(splits.train.classCounts == [7, 14] && splits.test.classCounts == [2, 4])
    #expect(Set([splits.train, splits.development, splits.test].flatMap(images)).count == 30)
  }

  @Test("with a development folder take it whole or in part")
  func development() throws {
    let folder = try makeFolder(both.merging(["development/ant": 4, "development/cat": 2]) { $1 })
    #expect(try splitSizes(load("image-folder", ["path": .text(folder.url.path)])) == [20, 6, 5])
    let part = try load("image-folder", ["path": .text(folder.url.path), "development": .number(3)])
    #expect(splitSizes(part) == [20, 3, 5] && part.development.classCounts == [2, 1])
  }

  @Test("give the same images from files as from memory, and the same normalisation")
  func files() throws {
    let folder = try makeFolder(both)
    let given: [String: OptionValue] = [
      "path": .text(folder.url.path), "development": .number(5), "size": .list([.number(4), .number(6)]),
      "masks": .text("box"),
    ]
    let (memory, files) = (
      try load("image-folder", given), try load("image-folder", given.merging(["memory": .number(0)]) { $1 })
    )
    #expect(memory.train.isInMemory && !files.train.isInMemory)
    #expect(memory.normalization == files.normalization)
    #expect(memory.summary == files.summary && files.train.height == 4 && files.train.width == 6)
    #expect(memory.development.masks == files.development.masks)
    for (a, b) in [(memory.train, files.train), (memory.development, files.development), (memory.test, files.test)] {
      #expect(a.labels == b.labels)
      for index in 0..<a.count { #expect(a.withImage(index) { Array($0) } == b.withImage(index) { Array($0) }) }
      let chosen = b.subset([1, 0])
      #expect(chosen.withImage(0) { Array($0) } == a.withImage(1) { Array($0) })
    }
    // A file that goes away afterwards is told of, by name.
    #expect(files.complaint == nil)
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("train"))
    #expect(files.train.withImage(2) { $0.allSatisfy { $0 == 0 } })
    #expect(files.complaint?.contains("no such file") == true && memory.complaint == nil)
  }

  @Test("have masks for the development images: the central box, or files")
  func masks() throws {
    let folder = try makeFolder(both)
    let path = OptionValue.text(folder.url.path)
    let box = try load(
      "image-folder", ["path": path, "size": .list([.number(6), .number(12)]), "masks": .text("box")])
    let row: [UInt8] = [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    let none = [UInt8](repeating: 0, count: 12)
    let mask = none + [row, row, row, row, row].joined()
    #expect(box.development.masks == mask + mask)
    let masks = try TemporaryFolder()
    for name in ["train/ant", "train/cat"] {
      try FileManager.default.createDirectory(
        at: masks.url.appendingPathComponent(name), withIntermediateDirectories: true)
      for index in 0..<12 {
        _ = try masks.write("\(name)/\(index).png", png(height: 3, width: 5, (0..<15).map { $0 % 5 == 1 ? 3 : 0 }))
      }
    }
    let given: [String: OptionValue] = ["path": path, "masks": .text("file"), "mask-path": .text(masks.url.path)]
    let own = try load("image-folder", given)
    #expect(own.development.masks == (0..<30).map { $0 % 5 == 1 ? 1 : 0 })
    try FileManager.default.removeItem(at: masks.url.appendingPathComponent("train"))
    #expect(try complaint { _ = try load("image-folder", given) }?.contains("no such file") == true)
  }

  @Test(
    "that cannot be used are refused with what is wrong",
    arguments: [
      (["train/a": 1], "has the folder train but no test"), (["test/a": 1], "has the folder test but no train"),
      (["a": 3], "holds one folder"), ([:], "holds no folder"),
      (["train/a": 2, "train/b": 2, "test/a": 1], "holds one folder"),
      (["train/a": 2, "train/b": 2, "test/a": 1, "test/c": 1], "is no class of train"),
      (["train/a": 2, "train/b": 2, "train/c": 1, "test/a": 1, "test/c": 1], "is absent"),
      (["a": 2, "b": 0], "holds no picture"), (["a": 2, "b": 2, "b/c": 1], "is a folder"),
      (["a": 1, "b": 1], "are asked for"),
    ] as [([String: Int], String)])
  func refusals(counts: [String: Int], expected: String) throws {
    let folder = try makeFolder(counts)
    let line = try #require(try complaint { _ = try load("image-folder", ["path": .text(folder.url.path)]) })
    #expect(line.hasPrefix(counts == ["a": 1, "b": 1] ? "data.development" : folder.url.path), "\(line)")
    #expect(line.contains(expected) && !line.contains("\n"), "\(line)")
  }

  @Test("of pictures of several sizes need the option size")
  func sizes() throws {
    let folder = try makeFolder(["a": 8, "b": 8])
    _ = try folder.write("b/wide.png", png(height: 3, width: 6, Array(0..<18)))
    let path = OptionValue.text(folder.url.path)
    let line = try complaint { _ = try load("image-folder", ["path": path]) }
    #expect(line?.contains("data.size scales all to one size") == true, "\(line ?? "nothing")")
    #expect(try load("image-folder", ["path": path, "size": .number(4)]).train.width == 4)
  }

  @Test(
    "have their development split in a folder of any of its usual names",
    arguments: ["development", "val", "valid", "validation", "dev"])
  func developmentFolder(_ name: String) throws {
    let folder = try makeFolder(both.merging(["\(name)/cat": 4, "\(name)/ant": 3]) { $1 })
    let splits = try load("image-folder", ["path": .text(folder.url.path)])
    #expect(splitSizes(splits) == [20, 7, 5] && splits.development.classCounts == [3, 4])
    let few = try load("image-folder", ["path": .text(folder.url.path), "development": .number(2)])
    #expect(splitSizes(few) == [20, 2, 5])
  }

  @Test("name the folders beside their splits that nobody reads")
  func unreadFolders() throws {
    let folder = try makeFolder(both.merging(["VAL/cat": 1, "eval/cat": 1, "dev/cat": 1, "dev/ant": 1]) { $1 })
    let splits = try load("image-folder", ["path": .text(folder.url.path)])
    #expect(
      splits.notes == [
        "\(folder.url.path): not read beside train and test: VAL, eval; a development split is called one of "
          + "development, val, valid, validation, dev"
      ])
    let sound = try makeFolder(both.merging(["dev/cat": 1, "dev/ant": 1]) { $1 })
    #expect(try load("image-folder", ["path": .text(sound.url.path)]).notes.isEmpty)
  }

  @Test("with two development folders at once, or one beside classes alone, are refused with their names")
  func twoDevelopmentFolders() throws {
    let two = try makeFolder(both.merging(["val/cat": 1, "val/ant": 1, "dev/cat": 1, "dev/ant": 1]) { $1 })
    let line = try complaint { _ = try load("image-folder", ["path": .text(two.url.path)]) }
    #expect(line?.contains("has the folders val and dev, each of which is a development split") == true)
    let flat = try makeFolder(both.merging(["val": 3]) { $1 })
    let third = try complaint { _ = try load("image-folder", ["path": .text(flat.url.path)]) }
    #expect(third?.hasPrefix("\(flat.url.path)/val: holds no class folders; ") == true)
    let alone = try makeFolder(["validation/cat": 2, "validation/ant": 2])
    let other = try complaint { _ = try load("image-folder", ["path": .text(alone.url.path)]) }
    #expect(other?.contains("has the folder validation but no train") == true)
    // A class may have such a name.
    let classes = try makeFolder(["valid": 8, "invalid": 8])
    let splits = try load("image-folder", ["path": .text(classes.url.path), "development": .number(4)])
    #expect(splits.train.classes == ["invalid", "valid"])
  }

  @Test("take JPEG under all its endings, and say once how many pictures of which other formats are left out")
  func endings() throws {
    let folder = try makeFolder(both)
    for name in ["train/ant/x.JFIF", "train/ant/y.jpe", "train/cat/z.PNG", "test/cat/w.Jpeg"] {
      // The content decides, not the name.
      _ = try folder.write(name, png(height: 3, width: 5, (0..<15).map { UInt8($0) }))
    }
    let given: [String: OptionValue] = ["path": .text(folder.url.path), "development": .number(4)]
    let splits = try load("image-folder", given)
    #expect(splitSizes(splits) == [19, 4, 6] && splits.notes.isEmpty)
    for name in ["train/ant/a.webp", "train/cat/b.WEBP", "test/cat/c.gif", "test/ant/notes.txt", "test/ant/.d.gif"] {
      _ = try folder.write(name, [1])
    }
    #expect(
      try load("image-folder", given).notes == [
        "\(folder.url.path): pictures of formats that are not read are left out: 2 .webp, 1 .gif (such as "
          + "train/ant/a.webp); convert them to PNG or JPEG"
      ])
  }

  @Test("of a class whose pictures have another format are refused with it; unlabelled ones too")
  func onlyOthers() throws {
    let folder = try makeFolder(["a": 4, "b": 0])
    _ = try folder.write("b/x.heic", [1])
    let line = try complaint { _ = try load("image-folder", ["path": .text(folder.url.path)]) }
    #expect(
      line == "\(folder.url.path)/b: holds pictures of formats that are not read: 1 .heic; convert them to PNG or JPEG")
    let pictures = try UnlabelledPictures(folder.url.path)
    #expect(pictures.names.count == 4 && pictures.note?.contains("1 .heic (such as b/x.heic)") == true)
    #expect(try complaint { _ = try UnlabelledPictures(folder.url.path + "/b") }?.contains("1 .heic") == true)
  }

  @Test("pass over what systems and tools leave behind")
  func passedOver() throws {
    let extra = ["train/.ipynb_checkpoints": 2, "train/__MACOSX": 1, "test/__MACOSX/cat": 1, "test/.hidden": 1]
    let folder = try makeFolder(both.merging(extra) { $1 })
    let splits = try load("image-folder", ["path": .text(folder.url.path), "development": .number(4)])
    #expect(splits.train.classes == ["ant", "cat"] && splitSizes(splits) == [16, 4, 5])
  }

  @Test(
    "with two classes of one name, or one without, are refused",
    arguments: [
      (["a", "a "], "two classes have the name 'a'"),
      (["e\u{301}", "\u{E9}"], "two classes have the name"),
      (["a", "  "], "the name of a class is empty"),
    ])
  func names(_ names: [String], _ expected: String) throws {
    // Not in a dictionary: both spellings of é are one key.
    let folder = try makeFolder(names.map { (name: $0, count: 3) })
    let line = try complaint { _ = try load("image-folder", ["path": .text(folder.url.path)]) }
    #expect(line?.contains(expected) == true, "\(line ?? "was read")")
    // Letters have both cases.
    let letters = try makeFolder(["a": 3, "A": 3])
    let splits = try load("image-folder", ["path": .text(letters.url.path), "development": .number(2)])
    #expect(splits.train.classes == ["A", "a"])
  }
}
