import Datasets
import Support
import Tensors

/// Random images that are not square, so that height and width cannot be swapped unseen.
func noiseSet(count: Int, height: Int, width: Int, channels: Int, seed: UInt64 = 5) -> ImageSet {
  var random = RandomGenerator(Philox(seed: seed))
  let pixels = (0..<count * height * width * channels).map { _ in UInt8(random.index(below: 256)) }
  return ImageSet(
    name: "noise", height: height, width: width, channels: channels, classes: ["even", "odd"], pixels: pixels,
    labels: (0..<count).map { Int32($0 % 2) })
}

/// A catalogue set with options as a recipe gives them.
func load(_ name: String, _ given: [String: OptionValue], seed: UInt64 = 1) throws -> DataSplits {
  try DatasetCatalog.load(name, Options(given, for: DatasetCatalog.entry(name), at: "data"), seed: seed)
}

/// The one line that an input error prints; nil if nothing is thrown.
func complaint(_ body: () throws -> Void) throws -> String? {
  do { try body() } catch let error as InputError { return error.description }
  return nil
}

/// The bytes of each image, for looking images up in other sets.
func images(_ set: ImageSet) -> [[UInt8]] {
  (0..<set.count).map { Array(set.pixels[$0 * set.imageSize..<($0 + 1) * set.imageSize]) }
}

/// Images in the training, development and test split.
func splitSizes(_ splits: DataSplits) -> [Int] { [splits.train.count, splits.development.count, splits.test.count] }
