import Datasets
import Foundation
import Support
import Testing

@Suite("IDX data sets") struct IDXSetsTests {
  /// A small set of 40 training and 20 test images, 4×6, whose first pixel tells the images apart.
  private func makeFolder(separator: String = "-", suffix: String = "", labels: [UInt8]? = nil) throws
    -> TemporaryFolder
  {
    let folder = try TemporaryFolder()
    for (stem, count) in [("train", 40), ("t10k", 20)] {
      var pixels = [UInt8](repeating: 0, count: count * 24)
      for image in 0..<count {
        pixels[image * 24] = UInt8(image + 1)
        pixels[image * 24 + 23] = stem == "train" ? 7 : 8
      }
      let images = idx([UInt32(count), 4, 6], pixels)
      let labels = labels ?? (0..<count).map { UInt8($0 % 10) }
      for (kind, bytes) in [
        ("images\(separator)idx3", images), ("labels\(separator)idx1", idx([UInt32(labels.count)], labels)),
      ] {
        _ = try folder.write("\(stem)-\(kind)-ubyte\(suffix)", suffix.isEmpty ? bytes : gzip(bytes))
      }
    }
    return folder
  }

  @Test("are found under dash and dot names, plain and packed", arguments: ["-", "."], ["", ".gz"])
  func names(separator: String, suffix: String) throws {
    let folder = try makeFolder(separator: separator, suffix: suffix)
    let splits = try load("mnist", ["path": .text(folder.url.path), "development": .number(10)])
    #expect(splitSizes(splits) == [30, 10, 20])
    #expect(splits.train.height == 4 && splits.train.width == 6 && splits.train.channels == 1)
    #expect(splits.development.classCounts == [Int](repeating: 1, count: 10))
    let seen = images(splits.train) + images(splits.development)
    #expect(Set(seen).count == 40)
    #expect(splits.train.masks == splits.train.pixels.map { $0 == 0 ? 0 : 1 })
    #expect(splits.summary.contains("30 training images (3 per class)"))
  }

  @Test("take the numbers of images that the options say")
  func counts() throws {
    let folder = try makeFolder()
    let splits = try load(
      "fashion-mnist",
      ["path": .text(folder.url.path), "development": .number(5), "train": .number(20), "test": .number(10)])
    #expect(splitSizes(splits) == [20, 5, 10])
    #expect(Set(images(splits.train)).isDisjoint(with: images(splits.development)))
    #expect(splits.test.classCounts == [Int](repeating: 1, count: 10))
  }

  @Test("refuse more images than there are")
  func tooMany() throws {
    let folder = try makeFolder()
    let path = OptionValue.text(folder.url.path)
    #expect(
      try complaint { _ = try load("mnist", ["path": path, "development": .number(10), "train": .number(31)]) }
        == "data.development: 10 development and 31 training images are asked for; mnist has 40 for both")
    #expect(
      try complaint { _ = try load("mnist", ["path": path, "development": .number(10), "test": .number(21)]) }
        == "data.test: is 21; mnist has 20 test images")
  }

  @Test("refuse labels outside the classes, and files that do not belong together")
  func mismatches() throws {
    let wrong = try makeFolder(labels: [UInt8](repeating: 10, count: 40))
    let line = try complaint { _ = try load("mnist", ["path": .text(wrong.url.path)]) }
    #expect(line?.contains("label 10 of image 0 is no class of mnist; labels lie from 0 to 9") == true)
    let short = try makeFolder(labels: [UInt8](repeating: 1, count: 39))
    let second = try complaint { _ = try load("mnist", ["path": .text(short.url.path)]) }
    #expect(second?.contains("has 39 labels, but") == true && second?.contains("has 40 images") == true)
  }

  @Test("name the folder and the file that is missing")
  func missing() throws {
    #expect(
      try complaint { _ = try load("mnist", [:]) }
        == "data.path: is missing; mnist needs the folder with its four IDX files")
    let folder = try TemporaryFolder()
    let line = try complaint { _ = try load("mnist", ["path": .text(folder.url.path)]) }
    #expect(line?.contains("holds no train-images-idx3-ubyte, plain or .gz") == true)
    let absent = try complaint { _ = try load("fashion-mnist", ["path": .text(folder.url.path + "/none")]) }
    #expect(absent?.contains("is not a folder") == true)
  }

  @Test("Fashion-MNIST is found by itself", .enabled(if: installed, "dataset-fashion-mnist is not installed"))
  func installedFashion() throws {
    let splits = try load("fashion-mnist", [:])
    #expect(splitSizes(splits) == [55_000, 5000, 10_000])
    #expect(splits.development.classCounts == [Int](repeating: 500, count: 10))
    // The published mean and deviation of all 60,000 training images.
    #expect(abs(splits.normalization.mean[0] - 0.2860) < 0.002 && abs(splits.normalization.std[0] - 0.3530) < 0.002)
  }
}

/// Whether the Debian package dataset-fashion-mnist is there.
let installed = FileManager.default.fileExists(
  atPath: "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")
