import Support

/// Options that say how many images each split gets.
func heldOutOptions(development: Int, train: Int?, test: Int?) -> [OptionDescription] {
  func count(_ value: Int?) -> OptionValue? { value.map { .number(Double($0)) } }
  return [
    OptionDescription(
      "train", .integer(1...10_000_000), default: count(train),
      "training images" + (train == nil ? "; default: all" : "")),
    OptionDescription(
      "development", .integer(1...10_000_000), default: count(development), "images held out of training"),
    OptionDescription(
      "test", .integer(1...10_000_000), default: count(test), "test images" + (test == nil ? "; default: all" : "")),
  ]
}

/// Options that say how training images are augmented.
func augmentationOptions(padCrop: Int, flip: Bool) -> [OptionDescription] {
  [
    OptionDescription(
      "pad-crop", .integer(0...16), default: .number(Double(padCrop)), "random shift of training images, ± pixels"),
    OptionDescription("flip", .flag, default: .flag(flip), "mirror half of the training images"),
    // Without defaults: what is absent is off, and a recipe written before there were these options stays as it was.
    OptionDescription(
      "padding", .choice(Padding.allCases.map(\.rawValue)),
      "what pad-crop fills in: black (the default), the edge pixels, or the image mirrored at its edge"),
    OptionDescription(
      "resized-crop", .number(0.01...1), "smallest share of the area that a random crop keeps, scaled up again"),
    OptionDescription("brightness", .number(0...10), "random change of brightness, ± this share"),
    OptionDescription("contrast", .number(0...10), "random change of contrast, ± this share"),
    OptionDescription("saturation", .number(0...10), "random change of saturation, ± this share"),
    OptionDescription("hue", .number(0...0.5), "random rotation of the hue, ± this share of the colour circle"),
    OptionDescription("cutout", .integer(1...4096), "side of a square of the mean colour on training images, pixels"),
    OptionDescription("mixup", .number(0.01...100), "alpha of mixtures of two training images and their labels"),
  ]
}

extension Options {
  /// What ``augmentationOptions(padCrop:flip:)`` say.
  ///
  /// - Throws: ``InputError`` for two kinds of crop at once.
  var augmentation: Augmentation {
    get throws {
      let crop = numberIfGiven("resized-crop")
      guard crop == nil || integer("pad-crop") == 0 else {
        throw InputError(
          "data.resized-crop", "is given beside pad-crop: \(integer("pad-crop"))", remedy: "set pad-crop: 0")
      }
      let padding = textIfGiven("padding").flatMap(Padding.init(rawValue:))
      guard padding == nil || integer("pad-crop") > 0 else {
        throw InputError("data.padding", "is given without a shift", remedy: "set pad-crop, or leave padding out")
      }
      let colours = ["brightness", "contrast", "saturation", "hue"].map { numberIfGiven($0) ?? 0 }
      return Augmentation(
        padCrop: integer("pad-crop"), padding: padding ?? .black, flip: flag("flip"), resizedCrop: crop,
        colours: colours.allSatisfy { $0 == 0 }
          ? nil
          : ColourJitter(brightness: colours[0], contrast: colours[1], saturation: colours[2], hue: colours[3]),
        cutout: integerIfGiven("cutout") ?? 0, mixup: numberIfGiven("mixup"))
    }
  }
}

/// Which images of a finite data set go where.
struct HeldOutIndices {
  let train: [Int]
  let development: [Int]
  let test: [Int]

  /// Stratified choices of the sizes that `train`, `development` and `test` ask for.
  ///
  /// - Throws: ``InputError`` if there are fewer images than asked for.
  init(_ options: Options, training: ImageSet, test: ImageSet, seed: UInt64) throws {
    try self.init(
      options, name: training.name, development: options.integer("development"), training: training.labels,
      test: test.labels, seed: seed)
  }

  /// As above, with a development split whose size is decided already.
  ///
  /// - Throws: ``InputError`` if there are fewer images than asked for.
  init(_ options: Options, name: String, development: Int, training: [Int32], test: [Int32], seed: UInt64) throws {
    let train = options.integerIfGiven("train")
    guard development + (train ?? 1) <= training.count else {
      throw InputError(
        "data.development", "\(development) development and \(train ?? 1) training images are asked for",
        remedy: "\(name) has \(training.count) for both")
    }
    if let wanted = options.integerIfGiven("test"), wanted > test.count {
      throw InputError("data.test", "is \(wanted)", remedy: "\(name) has \(test.count) test images")
    }
    let samples = stratifiedSamples(of: training, sizes: [development, train], seed: seed)
    self.development = samples[0]
    self.train = samples[1]
    self.test = stratifiedSamples(of: test, sizes: [options.integerIfGiven("test")], seed: seed)[0]
  }

  /// Stratified choices where sizes have no defaults: a tenth for development; a fifth for the test, where it has no
  /// images of its own, so that all three come from one list.
  ///
  /// - Throws: ``InputError`` if there are fewer images than asked for.
  init(_ options: Options, name: String, labels: [Int32], test: [Int32]?, seed: UInt64) throws {
    let count = labels.count
    let development = options.integerIfGiven("development") ?? max(1, count / 10)
    if let test {
      try self.init(options, name: name, development: development, training: labels, test: test, seed: seed)
      return
    }
    let (wanted, train) = (options.integerIfGiven("test") ?? max(1, count / 5), options.integerIfGiven("train"))
    guard development + wanted + (train ?? 1) <= count else {
      throw InputError(
        "data.development",
        "\(development) development, \(wanted) test and \(train ?? 1) training images are asked for",
        remedy: "\(name) has \(count)")
    }
    let samples = stratifiedSamples(of: labels, sizes: [development, wanted, train], seed: seed)
    self.init(train: samples[2], development: samples[0], test: samples[1])
  }

  private init(train: [Int], development: [Int], test: [Int]) {
    self.train = train
    self.development = development
    self.test = test
  }
}

extension HeldOutIndices {
  /// Options of a set whose size is not known beforehand.
  static let options = [
    OptionDescription("train", .integer(1...10_000_000), "training images; default: all the rest"),
    OptionDescription(
      "development", .integer(1...10_000_000), "images held out of training; default: their own, else a tenth"),
    OptionDescription("test", .integer(1...10_000_000), "test images; default: their own, else a fifth"),
  ]
}

/// Option that says where the foreground of images without masks of their own is.
let boxMaskOption = OptionDescription(
  "masks", .choice(["none", "box"]), default: .text("none"),
  "foreground of development images: none, or the central box")

/// Splits of a finite data set as it is.
func hold(out options: Options, whole: ImageSet, test: ImageSet, seed: UInt64) throws -> DataSplits {
  let indices = try HeldOutIndices(options, training: whole, test: test, seed: seed)
  return DataSplits(
    train: whole.subset(indices.train),
    development: whole.subset(indices.development).withBox(options.values["masks"] == .text("box")),
    test: test.subset(indices.test), augmentation: try options.augmentation)
}

/// Drawn images are held in memory: pixels, mask and parts take five bytes per pixel.
func refuseHugeSets(_ counts: [Int], side: Int) throws {
  let bytes = counts.reduce(0, +) * side * side * 5
  guard bytes <= 16 << 30 else {
    throw InputError(
      "data.train", "\(counts.reduce(0, +)) images of \(side)x\(side) pixels take \(bytes >> 30) GiB",
      remedy: "at most 16 GiB, so \((16 << 30) / (side * side * 5)) images in all")
  }
}
