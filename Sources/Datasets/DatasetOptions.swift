import Support

private let countRange = 1...10_000_000

/// Options that say how many images each split of a drawn set gets.
struct DrawnCounts {
  private let train: OptionKey<Int>
  private let development: OptionKey<Int>
  private let test: OptionKey<Int>

  /// - Parameters: images where no number is given.
  init(train: Int, development: Int, test: Int) {
    self.train = OptionKey.integer("train", countRange, default: train, "training images")
    self.development = OptionKey.integer(
      "development", countRange, default: development, "images held out of training")
    self.test = OptionKey.integer("test", countRange, default: test, "test images")
  }

  var options: [OptionDescription] { [train.option, development.option, test.option] }

  /// Training, development and test images.
  func read(_ options: Options) -> [Int] { [options[train], options[development], options[test]] }
}

/// Options that some sets have and others lack, to ask any set for them: absent where it has none.
public enum SharedDataOptions {
  /// Height and width of the images.
  public static let size = OptionKey.size("size", 1...Int.max, "height and width of the images, pixels")
  /// Training images; a set of one's own may count them otherwise.
  public static let train = OptionKey.number("train", 0...Double.infinity, "training images")
  /// Images held out of training, counted in the same way.
  public static let development = OptionKey.number(
    "development", 0...Double.infinity, "images held out of training")
  /// Strength of mixtures of two images.
  public static let mixup = AugmentationOptions.mixup
  /// Where the foreground is: one of the words that the set has for it.
  public static let masks = OptionKey.text("masks", "foreground of development images")
}

/// Options that say how training images are augmented.
struct AugmentationOptions {
  private let padCrop: OptionKey<Int>
  private let flip: OptionKey<Bool>
  // Without defaults: what is absent is off, and a recipe written before there were these options stays as it was.
  private static let padding = OptionKey.choice(
    "padding", of: Padding.self,
    "what pad-crop fills in: black (the default), the edge pixels, or the image mirrored at its edge")
  private static let resizedCrop = OptionKey.number(
    "resized-crop", 0.01...1, "smallest share of the area that a random crop keeps, scaled up again")
  private static let brightness = OptionKey.number(
    "brightness", 0...10, "random change of brightness, ± this share")
  private static let contrast = OptionKey.number("contrast", 0...10, "random change of contrast, ± this share")
  private static let saturation = OptionKey.number(
    "saturation", 0...10, "random change of saturation, ± this share")
  private static let hue = OptionKey.number(
    "hue", 0...0.5, "random rotation of the hue, ± this share of the colour circle")
  private static let cutout = OptionKey.integer(
    "cutout", 1...4096, "side of a square of the mean colour on training images, pixels")
  fileprivate static let mixup = OptionKey.number(
    "mixup", 0.01...100, "alpha of mixtures of two training images and their labels")

  /// - Parameters: what a set does unless it is told otherwise.
  init(padCrop: Int, flip: Bool) {
    self.padCrop = OptionKey.integer(
      "pad-crop", 0...16, default: padCrop, "random shift of training images, ± pixels")
    self.flip = OptionKey.flag("flip", default: flip, "mirror half of the training images")
  }

  var options: [OptionDescription] {
    [
      padCrop.option, flip.option, Self.padding.option, Self.resizedCrop.option, Self.brightness.option,
      Self.contrast.option, Self.saturation.option, Self.hue.option, Self.cutout.option, Self.mixup.option,
    ]
  }

  /// What they say.
  ///
  /// - Throws: ``InputError`` for two kinds of crop at once.
  func read(_ options: Options) throws -> Augmentation {
    let (shift, crop) = (options[padCrop], options[Self.resizedCrop])
    guard crop == nil || shift == 0 else {
      throw InputError("data.resized-crop", "is given beside pad-crop: \(shift)", remedy: "set pad-crop: 0")
    }
    let padding = options[Self.padding]
    guard padding == nil || shift > 0 else {
      throw InputError("data.padding", "is given without a shift", remedy: "set pad-crop, or leave padding out")
    }
    let colours = [Self.brightness, Self.contrast, Self.saturation, Self.hue].map { options[$0] ?? 0 }
    return Augmentation(
      padCrop: shift, padding: padding ?? .black, flip: options[flip], resizedCrop: crop,
      colours: colours.allSatisfy { $0 == 0 }
        ? nil
        : ColourJitter(brightness: colours[0], contrast: colours[1], saturation: colours[2], hue: colours[3]),
      cutout: options[Self.cutout] ?? 0, mixup: options[Self.mixup])
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
    try self.init(options, name: training.name, labels: training.labels, test: test.labels, seed: seed)
  }

  /// As above, with a development split whose size is decided already.
  ///
  /// - Throws: ``InputError`` if there are fewer images than asked for.
  init(_ options: Options, name: String, development: Int, training: [Int32], test: [Int32], seed: UInt64) throws {
    let train = options[Self.trainCount]
    guard development + (train ?? 1) <= training.count else {
      throw InputError(
        "data.development", "\(development) development and \(train ?? 1) training images are asked for",
        remedy: "\(name) has \(training.count) for both")
    }
    if let wanted = options[Self.testCount], wanted > test.count {
      throw InputError("data.test", "is \(wanted)", remedy: "\(name) has \(test.count) test images")
    }
    let samples = stratifiedSamples(of: training, sizes: [development, train], seed: seed)
    self.development = samples[0]
    self.train = samples[1]
    self.test = stratifiedSamples(of: test, sizes: [options[Self.testCount]], seed: seed)[0]
  }

  /// Stratified choices where sizes have no defaults: a tenth for development; a fifth for the test, where it has no
  /// images of its own, so that all three come from one list.
  ///
  /// - Throws: ``InputError`` if there are fewer images than asked for.
  init(_ options: Options, name: String, labels: [Int32], test: [Int32]?, seed: UInt64) throws {
    let count = labels.count
    let development = options[Self.developmentCount] ?? max(1, count / 10)
    if let test {
      try self.init(options, name: name, development: development, training: labels, test: test, seed: seed)
      return
    }
    let (wanted, train) = (options[Self.testCount] ?? max(1, count / 5), options[Self.trainCount])
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
  static let options = [trainCount.option, developmentCount.option, testCount.option]
  private static let trainCount = OptionKey.integer("train", countRange, "training images; default: all the rest")
  static let developmentCount = OptionKey.integer(
    "development", countRange, "images held out of training; default: their own, else a tenth")
  private static let testCount = OptionKey.integer(
    "test", countRange, "test images; default: their own, else a fifth")

  /// The same options of a set with test images of its own.
  ///
  /// - Parameter usual: images held out where no number is given.
  /// - Returns: the options, the default stored.
  static func options(development usual: Int) -> [OptionDescription] {
    [
      OptionKey.integer("train", countRange, "training images; default: all").option,
      OptionKey.integer("development", countRange, default: usual, "images held out of training").option,
      OptionKey.integer("test", countRange, "test images; default: all").option,
    ]
  }
}

/// Where the foreground of images without masks of their own is.
enum BoxMask: String, OptionChoice {
  case none, box

  /// The option that says it.
  static let key = OptionKey.choice(
    "masks", default: Self.none, "foreground of development images: none, or the central box")
}

/// Splits of a finite data set as it is.
func hold(out options: Options, _ augmentation: AugmentationOptions, whole: ImageSet, test: ImageSet, seed: UInt64)
  throws -> DataSplits
{
  let indices = try HeldOutIndices(options, training: whole, test: test, seed: seed)
  return DataSplits(
    train: whole.subset(indices.train),
    development: whole.subset(indices.development).withBox(options[BoxMask.key] == .box),
    test: test.subset(indices.test), augmentation: try augmentation.read(options))
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
