import Checkpoints
import Datasets
import Foundation
import Support
import TestSupport
import Testing

@Suite("Arrays as data sets") struct ArraySetTests {
  /// Twenty images of 4×6 in three colours, whose values tell image, row, column and colour.
  private static let bytes = (0..<20 * 4 * 6 * 3).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 72) }
  private static let labels = StoredTensor(name: "labels", shape: [20], integers: (0..<20).map { Int64($0 % 2) })

  private static func array(_ shape: [Int] = [20, 4, 6, 3], _ bytes: [UInt8] = bytes) -> StoredTensor {
    StoredTensor(name: "images", type: .u8, shape: shape, bytes: Data(bytes))
  }

  /// One label far from the others.
  private static func stray(_ label: Int64) -> StoredTensor {
    StoredTensor(name: "labels", shape: [20], integers: (0..<20).map { $0 == 7 ? label : Int64($0 % 2) })
  }

  private func load(
    _ tensors: [StoredTensor], _ more: [String: OptionValue] = [:], test: [StoredTensor]? = nil
  ) throws -> DataSplits {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("x.safetensors")
      try Safetensors(tensors: tensors).write(to: file)
      var options = more.merging(["path": .text(file.path), "development": .number(4)]) { $1 }
      if let test {
        let other = folder.appendingPathComponent("test.safetensors")
        try Safetensors(tensors: test).write(to: other)
        options["test-path"] = .text(other.path)
      }
      return try DatasetsTests.load("arrays", options)
    }
  }

  private func allImages(_ splits: DataSplits) -> Set<[UInt8]> {
    Set([splits.train, splits.development, splits.test].flatMap { images($0) })
  }

  @Test("are the same images in either layout, as bytes or floats")
  func layouts() throws {
    let plain = try load([Self.array(), Self.labels])
    #expect(splitSizes(plain) == [12, 4, 4] && plain.train.height == 4 && plain.train.width == 6)
    let expected = Set((0..<20).map { Array(Self.bytes[$0 * 72..<($0 + 1) * 72]) })
    #expect(allImages(plain) == expected)
    var planes = Self.bytes
    for image in 0..<20 {
      for place in 0..<72 { planes[image * 72 + place % 3 * 24 + place / 3] = Self.bytes[image * 72 + place] }
    }
    let first = try load([Self.array([20, 3, 4, 6], planes), Self.labels], ["layout": .text("nchw")])
    #expect(allImages(first) == expected && first.train.height == 4 && first.train.width == 6)
    let floats = StoredTensor(name: "images", shape: [20, 4, 6, 3], floats: Self.bytes.map { Float($0) / 255 })
    #expect(try allImages(load([floats, Self.labels])) == expected)
    let grey = try load([Self.array([20, 9, 8]), Self.labels])
    #expect(grey.train.channels == 1 && grey.train.height == 9 && grey.train.width == 8)
  }

  @Test("have masks and test images of their own where these are given")
  func masks() throws {
    let masks = StoredTensor(
      name: "masks", type: .bool, shape: [20, 4, 6], bytes: Data((0..<480).map { $0 % 6 == 2 ? 1 : 0 }))
    let splits = try load([Self.array(), Self.labels, masks], test: [Self.array(), Self.labels])
    #expect(splitSizes(splits) == [16, 4, 20])
    #expect(splits.development.masks == (0..<96).map { $0 % 6 == 2 ? 1 : 0 })
    let box = try load([Self.array(), Self.labels, masks], ["masks": .text("box")])
    #expect(box.development.masks?.prefix(6) == [0, 1, 1, 1, 1, 1])
  }

  @Test("may leave out a few classes, which are named where there is nothing to learn them from")
  func gaps() throws {
    let gap = try load([Self.array(), Self.stray(3)])
    #expect(gap.train.classes == ["0", "1", "2", "3"])
    let line = try #require(gap.untrainedClasses)
    // Class 2 has no image; the stray one has it in one of three splits.
    let missing = gap.train.classCounts.count { $0 == 0 }
    #expect(line.hasPrefix("\(missing) of 4 classes have no training image"))
    let whole = try load([Self.array(), Self.labels])
    #expect(whole.untrainedClasses == nil)
    let named = try load([Self.array(), Self.stray(40)], ["classes": .list((0..<50).map { .text("c\($0)") })])
    #expect(named.train.classes.count == 50 && named.untrainedClasses?.hasSuffix(", …") == true)
  }

  @Test("are read from .npz archives and folders of .npy files")
  func numpy() throws {
    try withTemporaryDirectory { folder in
      let stored = try #require(Golden.load("numpy-files")["archive-savez/file"])
      let file = folder.appendingPathComponent("x.npz")
      try Data(stored.bytes).write(to: file)
      let options: [String: OptionValue] = ["path": .text(file.path), "development": .number(1), "test": .number(1)]
      let splits = try DatasetsTests.load("arrays", options)
      #expect(splitSizes(splits) == [3, 1, 1] && splits.train.height == 4 && splits.train.width == 6)
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (10, 4, 5), }\n"
      for (name, text, data) in [
        ("images", header, (0..<200).map { UInt8($0) }),
        ("labels", header.replacing("(10, 4, 5)", with: "(10,)"), (0..<10).map { UInt8($0 % 2) }),
      ] {
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8) + data
        try Data(bytes).write(to: folder.appendingPathComponent("\(name).npy"))
      }
      let loose = try DatasetsTests.load("arrays", ["path": .text(folder.path)])
      #expect(splitSizes(loose) == [7, 1, 2] && loose.train.channels == 1 && loose.train.width == 5)
    }
  }

  @Test("that do not fit are refused with what would be right", arguments: 0..<14)
  func refused(which: Int) throws {
    let (images, labels) = (Self.array(), Self.labels)
    let cases: [([StoredTensor], [String: OptionValue], String)] = [
      ([labels], [:], "has no array 'images'"), ([images], [:], "has no array 'labels'"),
      ([Self.array([20, 3, 4, 6]), labels], [:], "set data.layout: nchw"),
      ([images, labels], ["layout": .text("nchw")], "set data.layout: nhwc"),
      ([Self.array([1440]), labels], [:], "has the shape [1440]"),
      ([Self.array([10, 4, 12, 3]), labels], [:], "one label for each of 10 images"),
      (
        [StoredTensor(name: "images", shape: [20, 4, 4], floats: Array(repeating: 1.5, count: 320)), labels], [:],
        "holds 1.5 at element 0; floats lie in [0, 1]"
      ),
      (
        [StoredTensor(name: "images", shape: [20, 4, 4], floats: Array(repeating: .nan, count: 320)), labels], [:],
        "holds nan at element 0"
      ),
      (
        [images, StoredTensor(name: "labels", shape: [20], integers: Array(repeating: -1, count: 20))], [:],
        "label -1 of image 0"
      ),
      (
        [images, StoredTensor(name: "labels", shape: [20], integers: Array(repeating: 1 << 60, count: 20))], [:],
        "labels lie from 0 to 9999"
      ),
      (
        [images, labels, StoredTensor(name: "masks", type: .u8, shape: [20, 6, 4], bytes: Data(count: 480))], [:],
        "[20, 4, 6] is expected"
      ),
      ([images, labels], ["classes": .list([.text("one")])], "labels go up to 1"),
      (
        [images, Self.stray(5000)], [:], "x.safetensors: labels: label 5000 of image 7 makes 5001 classes, 4998 of them"
      ),
      ([images, Self.stray(6)], [:], "label 6 of image 7 makes 7 classes, 4 of them without an image; number the"),
    ]
    let (tensors, options, expected) = cases[which]
    let line = try #require(try complaint { _ = try load(tensors, options) })
    #expect(line.contains(expected) && !line.contains("\n"), "\(line)")
  }
}
