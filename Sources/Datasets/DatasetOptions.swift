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
  ]
}

extension Options {
  /// A text that may be absent.
  func textIfGiven(_ name: String) -> String? {
    if case .text(let text)? = values[name] { text } else { nil }
  }

  /// A whole number that may be absent.
  func integerIfGiven(_ name: String) -> Int? {
    if case .number(let number)? = values[name] { Int(number) } else { nil }
  }

  /// What `pad-crop` and `flip` say.
  var augmentation: Augmentation { Augmentation(padCrop: integer("pad-crop"), flip: flag("flip")) }
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
}

/// Splits of a finite data set as it is.
func hold(out options: Options, whole: ImageSet, test: ImageSet, seed: UInt64) throws -> DataSplits {
  let indices = try HeldOutIndices(options, training: whole, test: test, seed: seed)
  return DataSplits(
    train: whole.subset(indices.train), development: whole.subset(indices.development),
    test: test.subset(indices.test), augmentation: options.augmentation)
}
