import Support

/// Pictures of the user's own, one folder per class.
enum ImageFolderSet {
  static let entry = CatalogEntry(
    "image-folder", "PNG and JPEG pictures, one folder per class",
    facts: [
      ("folders", "train/CLASS/, test/CLASS/, perhaps development/CLASS/; or CLASS/ alone, then split by class"),
      ("pictures", "8-bit samples; of 16 bits the high byte; alpha is dropped; CMYK is refused; EXIF is ignored"),
      ("scaling", "the largest centred part of the image's proportions, antialiased bilinear"),
    ],
    options: [
      OptionDescription("path", .text, "the folder; required"),
      OptionDescription(
        "size", .size(4...4096), "height and width of the images, pixels; default: the pictures', which must be equal"),
      OptionDescription("colours", .choice(["rgb", "grey"]), default: .text("rgb"), "what an image's pixels are"),
      OptionDescription(
        "masks", .choice(["none", "box", "file"]), default: .text("none"),
        "foreground of development images: none, the central box, or files of mask-path"),
      OptionDescription(
        "mask-path", .text, "folder of masks: the picture's name below path with the ending .png; not black is foreground"),
      OptionDescription(
        "memory", .integer(0...1_000_000), default: .number(2048),
        "MiB; larger sets are not kept in memory but decoded for each batch"),
      OptionDescription("train", .integer(1...10_000_000), "training images; default: all that are left"),
      OptionDescription("development", .integer(1...10_000_000), "held out of training; default: its folder or a tenth"),
      OptionDescription("test", .integer(1...10_000_000), "test images; default: its folder or a fifth"),
    ] + augmentationOptions(padCrop: 0, flip: true))

  static func load(_ options: Options, _ seed: UInt64, _ advanced: (Double) throws -> Void) throws -> DataSplits {
    guard let path = options.textIfGiven("path") else {
      throw InputError("data.path", "is missing", remedy: "image-folder needs the folder with its pictures")
    }
    let masks = try Masks(options)
    let splits = try splits(PictureTree(path), options, seed)
    let fit = try fit(options, first: "\(path)/\(splits[0].names[0])")
    var sums = ChannelSums(channels: fit.channels)
    let count = splits.reduce(0) { $0 + $1.names.count }
    let isInMemory = count * fit.imageSize <= options.integer("memory") << 20
    var done = 0
    var sets: [ImageSet] = []
    for (place, split) in splits.enumerated() {
      let files = PictureFiles(paths: split.names.map { "\(path)/\($0)" }, fit: fit)
      var pixels: [UInt8] = []
      if isInMemory { pixels.reserveCapacity(split.names.count * fit.imageSize) }
      // Pictures that stay in files are decoded once too: a broken one is found now, not in the night.
      try files.forEachPiece({ try advanced((Double(done) + $0 * Double(split.names.count)) / Double(count)) }) {
        if place == 0 { sums.add($1) }
        if isInMemory { pixels.append(contentsOf: $1) }
      }
      done += split.names.count
      let foreground = place == 1 ? try masks.masks(of: split.names, root: path, fit) : nil
      sets.append(
        isInMemory
          ? ImageSet(
            name: entry.name, height: fit.height, width: fit.width, channels: fit.channels, classes: split.classes,
            pixels: pixels, labels: split.labels, masks: foreground)
          : ImageSet(name: entry.name, classes: split.classes, files: files, labels: split.labels, masks: foreground))
    }
    return DataSplits(
      train: sets[0], development: sets[1], test: sets[2], augmentation: options.augmentation,
      normalization: Normalization(sums))
  }

  /// Pictures of a split and what they show.
  private struct Chosen {
    let names: [String]
    let labels: [Int32]
    let classes: [String]

    init(_ split: PictureTree.Split, _ indices: [Int], _ tree: PictureTree) {
      names = indices.map { split.names[$0] }
      labels = indices.map { split.labels[$0] }
      classes = tree.classes
    }
  }

  /// Training, development and test.
  private static func splits(_ tree: PictureTree, _ options: Options, _ seed: UInt64) throws -> [Chosen] {
    let count = tree.train.names.count
    let wanted = options.integerIfGiven("development")
    guard let test = tree.test else {
      let held = (wanted ?? max(1, count / 10), options.integerIfGiven("test") ?? max(1, count / 5))
      let train = options.integerIfGiven("train")
      guard held.0 + held.1 + (train ?? 1) <= count else {
        throw InputError(
          "data.development", "\(held.0) development, \(held.1) test and \(train ?? 1) training images are asked for",
          remedy: "\(tree.root) has \(count)")
      }
      let samples = stratifiedSamples(of: tree.train.labels, sizes: [held.0, held.1, train], seed: seed)
      return [samples[2], samples[0], samples[1]].map { Chosen(tree.train, $0, tree) }
    }
    let indices = try HeldOutIndices(
      options, name: tree.root, development: tree.development == nil ? wanted ?? max(1, count / 10) : 0,
      training: tree.train.labels, test: test.labels, seed: seed)
    var development = Chosen(tree.train, indices.development, tree)
    if let own = tree.development {
      guard wanted ?? 0 <= own.names.count else {
        throw InputError(
          "data.development", "is \(wanted ?? 0)", remedy: "\(tree.root)/development has \(own.names.count) pictures")
      }
      development = Chosen(own, stratifiedSamples(of: own.labels, sizes: [wanted], seed: seed)[0], tree)
    }
    return [Chosen(tree.train, indices.train, tree), development, Chosen(test, indices.test, tree)]
  }

  private static func fit(_ options: Options, first: String) throws -> PictureFit {
    let channels = options.text("colours") == "grey" ? 1 : 3
    if let size = options.size("size") { return PictureFit(height: size.height, width: size.width, channels: channels) }
    let picture = try Picture(path: first)
    return PictureFit(height: picture.height, width: picture.width, channels: channels, isExact: true)
  }

  /// Where masks come from.
  private enum Masks {
    case none
    case box
    case files(String)

    init(_ options: Options) throws {
      let path = options.textIfGiven("mask-path")
      switch (options.text("masks"), path) {
      case ("file", let path?):
        guard Folders.isFolder(path) else {
          throw InputError(path, "is not a folder", remedy: "data.mask-path is a folder of masks")
        }
        self = .files(path)
      case ("file", nil):
        throw InputError("data.mask-path", "is missing", remedy: "masks: file needs the folder of masks")
      case (_, .some):
        throw InputError("data.mask-path", "is given, but masks are not files", remedy: "add masks: file")
      case ("box", nil): self = .box
      default: self = .none
      }
    }

    /// [N, H, W]; nil where there are none.
    func masks(of names: [String], root: String, _ fit: PictureFit) throws -> [UInt8]? {
      switch self {
      case .none: return nil
      case .box: return centralBoxMasks(count: names.count, height: fit.height, width: fit.width)
      case .files(let folder):
        return try names.flatMap { name in
          let path = "\(folder)/\(name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex)).png"
          let (mask, picture) = (try Picture(path: path), try Picture(path: "\(root)/\(name)"))
          guard (mask.height, mask.width) == (picture.height, picture.width) else {
            throw InputError(
              path, "is a mask of \(mask.height)x\(mask.width) pixels",
              remedy: "its picture has \(picture.height)x\(picture.width)")
          }
          return fit.mask(mask)
        }
      }
    }
  }
}
