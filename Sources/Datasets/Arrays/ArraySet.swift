import Checkpoints
import Support

/// Images and labels from arrays of numbers.
enum ArraySet {
  static let entry = CatalogEntry(
    "arrays", "images and labels as arrays: a safetensors or .npz file, or a folder of .npy files",
    facts: [
      ("images", "[N,H,W,C], [N,C,H,W] (see layout) or [N,H,W]; C is 1 or 3; unsigned bytes, or floats in [0, 1]"),
      ("labels", "[N], whole numbers from 0"), ("masks", "[N,H,W], not zero for foreground; may be absent"),
    ],
    options: [
      path.option, testPath.option, imagesName.option, labelsName.option, masksName.option, layout.option,
      classes.option,
    ] + HeldOutIndices.options + augmentation.options)
  /// Axes of images of four axes.
  enum Layout: String, OptionChoice { case nhwc, nchw }
  static let path = OptionKey.text("path", "the file or folder; required")
  static let testPath = OptionKey.text("test-path", "a second one with test images; default: part of path is held out")
  private static let imagesName = OptionKey.text("images", default: "images", "name of the array of images")
  private static let labelsName = OptionKey.text("labels", default: "labels", "name of the array of labels")
  private static let masksName = OptionKey.text(
    "masks", default: "masks", "name of the array of masks; box: the central box instead")
  private static let layout = OptionKey.choice("layout", default: Layout.nhwc, "axes of images of four axes")
  private static let classes = OptionKey.texts("classes", "names of the classes; default: their numbers")
  private static let augmentation = AugmentationOptions(padCrop: 0, flip: false)

  static func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    guard let path = options[Self.path] else {
      throw InputError("data.path", "is missing", remedy: "arrays needs the file or folder with images and labels")
    }
    let augmentation = try Self.augmentation.read(options)
    let training = try part(path, options)
    let test = try options[Self.testPath].map { try part($0, options) }
    if let test, (test.images.height, test.images.width, test.images.channels) != training.size {
      throw InputError(
        "data.test-path", "test images are \(test.images.height)x\(test.images.width)x\(test.images.channels)",
        remedy: "training images are \(training.size.0)x\(training.size.1)x\(training.size.2)")
    }
    let classes = try classNames(options, [training] + [test].compactMap(\.self))
    let indices = try HeldOutIndices(options, name: path, labels: training.labels, test: test?.labels, seed: seed)
    let whole = training.set(classes)
    return DataSplits(
      train: whole.subset(indices.train),
      development: whole.subset(indices.development).withBox(options[Self.masksName] == "box"),
      test: (test?.set(classes) ?? whole).subset(indices.test), augmentation: augmentation)
  }

  /// All images of a file or folder, and the normalisation by their own pixels.
  static func whole(_ path: String, _ options: Options) throws -> (set: ImageSet, normalization: Normalization) {
    let all = try part(path, options)
    let set = all.set(try classNames(options, [all])).withBox(options[Self.masksName] == "box")
    return (set, Normalization(of: set))
  }

  /// Images of one file.
  private struct Part {
    let images: ArrayImages
    let labels: [Int32]
    /// File and array of the labels, for error lines.
    let place: String
    let masks: [UInt8]?

    var size: (Int, Int, Int) { (images.height, images.width, images.channels) }

    func set(_ classes: [String]) -> ImageSet {
      ImageSet(
        name: entry.name, height: images.height, width: images.width, channels: images.channels, classes: classes,
        pixels: images.pixels, labels: labels, masks: masks)
    }
  }

  private static func part(_ path: String, _ options: Options) throws -> Part {
    let file = try ArrayFile(path)
    let (imagesName, labelsName) = (options[Self.imagesName], options[Self.labelsName])
    let images = try ArrayImages(
      file.array(imagesName, of: path), isChannelsFirst: options[Self.layout] == .nchw, at: "\(path): \(imagesName)")
    let place = "\(path): \(labelsName)"
    let stored = try file.array(labelsName, of: path)
    guard stored.shape == [images.count] else {
      throw InputError(place, "has the shape \(stored.shape)", remedy: "one label for each of \(images.count) images")
    }
    let labels = try stored.integers()
    if let index = labels.firstIndex(where: { !(0..<10_000).contains($0) }) {
      throw InputError(place, "label \(labels[index]) of image \(index)", remedy: "labels lie from 0 to 9999")
    }
    return Part(
      images: images, labels: labels.map(Int32.init), place: place, masks: try masks(file, options, images, path))
  }

  private static func masks(
    _ file: ArrayFile, _ options: Options, _ images: ArrayImages, _ path: String
  ) throws -> [UInt8]? {
    let name = options[Self.masksName]
    guard name != "box", let stored = try file.arrayIfThere(name) else { return nil }
    guard stored.shape == [images.count, images.height, images.width] else {
      throw InputError(
        "\(path): \(name)", "has the shape \(stored.shape)",
        remedy: "[\(images.count), \(images.height), \(images.width)] is expected")
    }
    guard stored.type == .u8 || stored.type == .bool else {
      throw InputError("\(path): \(name)", "is of type \(stored.type.rawValue)", remedy: "U8 or BOOL is expected")
    }
    return stored.bytes.map { $0 == 0 ? 0 : 1 }
  }

  private static func classNames(_ options: Options, _ parts: [Part]) throws -> [String] {
    let labels = parts.flatMap(\.labels)
    let largest = labels.max() ?? 0
    let count = Int(largest) + 1
    let names = options[Self.classes]
    if names.isEmpty {
      guard count >= 2 else { throw InputError("data.labels", "all are 0", remedy: "two or more classes are expected") }
      let empty = count - Set(labels).count
      // A class or two may be missing; a stray label would make networks of thousands that nothing belongs to.
      if empty > count / 2, let part = parts.first(where: { $0.labels.contains(largest) }) {
        throw InputError(
          part.place,
          "label \(largest) of image \(part.labels.firstIndex(of: largest) ?? 0) makes \(count) classes, "
            + "\(empty) of them without an image",
          remedy: "number the classes from 0 without gaps, or name all of them with data.classes")
      }
      return (0..<count).map(String.init)
    }
    try ClassNames.check(names) { _ in "data.classes" }
    guard names.count >= count else {
      throw InputError("data.classes", "has \(names.count) names", remedy: "labels go up to \(count - 1)")
    }
    return names
  }
}
