import Datasets
import Support
import Testing

@Suite("Data set catalogue") struct DatasetCatalogTests {
  @Test("every set has options with defaults in their own range", arguments: DatasetCatalog.entries)
  func entries(entry: CatalogEntry) throws {
    #expect(try DatasetCatalog.entry(entry.name) == entry)
    for option in entry.options { #expect(option.defaultValue.map(option.accepts) ?? true, "\(option.name)") }
  }

  @Test("an unknown name suggests the nearest")
  func unknown() throws {
    let line = try complaint { _ = try load("part-shape", [:]) }
    #expect(
      line == "data.set: 'part-shape' is no data set; did you mean 'part-shapes'? "
        + "known: arrays, cifar10, cifar100, fashion-mnist, fashion-on-texture, image-folder, mnist, part-shapes, two-glyphs"
    )
  }

  @Test(
    "bad options are refused with one line",
    arguments: [
      (["texture-corelation": .number(0.5)], "did you mean 'texture-correlation'?"),
      (["texture-correlation": .number(1.5)], "it takes a number from 0 to 1"),
      (["label": .text("legs")], "it takes one of object, body, head, tail, wings, wheels"),
      (["size": .number(8)], "it takes a whole number from 16 to 128"),
      (["train": .number(10_000_000), "size": .number(128)], "at most 16 GiB"),
    ] as [([String: OptionValue], String)])
  func badOptions(given: [String: OptionValue], expected: String) throws {
    let line = try #require(try complaint { _ = try load("part-shapes", given) })
    #expect(line.contains(expected) && !line.contains("\n"), "\(line)")
  }

  @Test("augmentation is what the options say, with the set's own default")
  func augmentation() throws {
    let counts: [String: OptionValue] = ["train": .number(10), "development": .number(10), "test": .number(10)]
    #expect(try load("part-shapes", counts).augmentation == Augmentation(padCrop: 0, flip: true))
    let given = counts.merging(["pad-crop": .number(3), "flip": .flag(false)]) { $1 }
    #expect(try load("part-shapes", given).augmentation == Augmentation(padCrop: 3, flip: false))
  }

  @Test("normalisation is that of the training split, and the summary counts all three")
  func splits() throws {
    let splits = try load(
      "part-shapes", ["train": .number(25), "development": .number(10), "test": .number(20), "size": .number(16)])
    #expect(splits.normalization == Normalization(of: splits.train))
    #expect(
      splits.summary == "part-shapes, 16x16x3, 10 classes: 25 training images (2 to 3 per class), "
        + "10 development images (1 per class), 20 test images (2 per class)")
  }
}
