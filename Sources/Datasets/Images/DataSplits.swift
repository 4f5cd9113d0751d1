import Support

/// A data set as an experiment uses it: three sets that share no image.
///
/// Choices are made on the development split; the test split is looked at once, at the end.
public struct DataSplits: Sendable {
  /// What networks are trained on.
  public let train: ImageSet
  /// Held out of training: accuracy per epoch, probe images, every choice.
  public let development: ImageSet
  /// Used once.
  public let test: ImageSet
  /// Of the training split.
  public let normalization: Normalization
  /// What the recipe asks for while training; pixels are never augmented elsewhere.
  public let augmentation: Augmentation
  /// Counts per split and per class, one line.
  public let summary: String
  /// Makes that many pictures of the same kind without an object, none of which is in a split; nil where the data set
  /// cannot.
  public let backgrounds: Backgrounds?

  /// Makes pictures without an object.
  public typealias Backgrounds = @Sendable (_ count: Int) -> ImageSet
  /// What else the user should know of the files: one line each.
  public let notes: [String]

  /// - Parameters:
  ///   - train: what networks are trained on.
  ///   - development: held out of training.
  ///   - test: used once.
  ///   - augmentation: of training images.
  ///   - normalization: of the training split, where it is known; it is measured where nil.
  ///   - backgrounds: makes pictures of the same kind without an object.
  ///   - notes: what else the user should know of the files.
  public init(
    train: ImageSet, development: ImageSet, test: ImageSet, augmentation: Augmentation = Augmentation(),
    normalization: Normalization? = nil, backgrounds: Backgrounds? = nil, notes: [String] = []
  ) {
    self.train = train
    self.development = development
    self.test = test
    self.augmentation = augmentation
    self.notes = notes
    self.normalization = normalization ?? Normalization(of: train)
    self.backgrounds = backgrounds
    let splits = [("training", train), ("development", development), ("test", test)]
    summary =
      "\(train.name), \(train.height)x\(train.width)x\(train.channels), \(train.classes.count) classes: "
      + splits.map { "\($1.count) \($0) images (\(balance(of: $1)))" }.joined(separator: ", ")
  }
}

extension DataSplits {
  /// What stopped a picture from being read since the sets were opened, one line; nil where all went well.
  public var complaint: String? { train.complaint ?? development.complaint ?? test.complaint }

  /// Pictures of the same kind without an object: drawn so where the data set can, else scrambled training pictures.
  ///
  /// - Parameters:
  ///   - count: number of pictures.
  ///   - seed: of the scrambling.
  /// - Returns: the pictures, none of which is in a split.
  public func objectFree(count: Int, seed: UInt64) -> ImageSet {
    backgrounds?(count) ?? train.scrambled(count: count, seed: seed)
  }
}

/// "800 per class" or "797 to 803 per class".
private func balance(of set: ImageSet) -> String {
  let counts = set.classCounts
  let least = counts.min() ?? 0
  let most = counts.max() ?? 0
  return least == most ? "\(most) per class" : "\(least) to \(most) per class"
}

extension DataSplits {
  /// The splits with a training split that shows some classes never: each of their images is replaced by one of another
  /// class, always the same, so that an epoch keeps its length and every other image its place.
  ///
  /// - Parameter classes: places among the set's classes; one at least is left.
  /// - Returns: the same where there are none.
  public func omitting(_ classes: Set<Int>) -> DataSplits {
    guard !classes.isEmpty else { return self }
    return DataSplits(
      train: train.subset(train.places(omitting: classes)), development: development, test: test,
      augmentation: augmentation,
      normalization: normalization, backgrounds: backgrounds, notes: notes)
  }
}
