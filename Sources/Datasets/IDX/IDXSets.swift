import Support

/// MNIST and Fashion-MNIST from IDX files; every non-zero pixel is foreground.
enum IDXSets {
  static let digits = (0...9).map(String.init)
  static let garments = [
    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
  ]

  static let mnist = CatalogEntry(
    "mnist", "handwritten digits, 28x28 grey, from IDX files; mask: non-zero pixels",
    paper: "LeCun, Bottou, Bengio and Haffner, Proceedings of the IEEE, 1998",
    options: [path.option] + HeldOutIndices.options(development: 5000) + augmentation.options)
  private static let path = OptionKey.text("path", "folder with the four IDX files, plain or .gz; required")
  private static let augmentation = AugmentationOptions(padCrop: 2, flip: false)

  static let fashion = CatalogEntry(
    "fashion-mnist", "garments, 28x28 grey, from IDX files; mask: non-zero pixels",
    paper: "Xiao, Rasul and Vollgraf, arXiv 1708.07747, 2017",
    facts: [("found in", IDXFolder.installedFashion)],
    options: [fashionPath.option] + HeldOutIndices.options(development: 5000) + fashionAugmentation.options)
  /// Garments' folder, where it is not the installed one.
  static let fashionPath = OptionKey.text("path", "folder with the four IDX files; default: the Debian package's")
  private static let fashionAugmentation = AugmentationOptions(padCrop: 2, flip: true)

  static func loadMNIST(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    guard let path = options[path] else {
      throw InputError("data.path", "is missing", remedy: "mnist needs the folder with its four IDX files")
    }
    return try splits(IDXFolder(path), name: "mnist", classes: digits, options, augmentation, seed: seed)
  }

  static func loadFashion(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    try splits(
      fashionFolder(options), name: "fashion-mnist", classes: garments, options, fashionAugmentation, seed: seed)
  }

  /// The folder that `path` names, else the installed one.
  static func fashionFolder(_ options: Options) throws -> IDXFolder {
    if let path = options[fashionPath] { return try IDXFolder(path) }
    guard let folder = try? IDXFolder(IDXFolder.installedFashion) else {
      throw InputError(
        IDXFolder.installedFashion, "is absent",
        remedy: "install the Debian package dataset-fashion-mnist or give data.path")
    }
    return folder
  }

  private static func splits(
    _ folder: IDXFolder, name: String, classes: [String], _ options: Options, _ augmentation: AugmentationOptions,
    seed: UInt64
  ) throws -> DataSplits {
    let whole = try folder.load(.train, name: name, classes: classes)
    let test = try folder.load(.test, name: name, classes: classes)
    guard (whole.height, whole.width) == (test.height, test.width) else {
      throw InputError(
        "data.path", "training images are \(whole.height)x\(whole.width), test images \(test.height)x\(test.width)",
        remedy: "both must be of one size")
    }
    return try hold(out: options, augmentation, whole: whole, test: test, seed: seed)
  }
}
