import Support

/// Pictures of the user's own, one folder per class.
enum ImageFolderSet {
  static let entry = CatalogEntry(
    "image-folder", "PNG and JPEG pictures, one folder per class",
    facts: [
      ("folders", "train/CLASS/, test/CLASS/, perhaps development/CLASS/; or CLASS/ alone, then split by class"),
      ("development", "may be called val, valid, validation or dev, too"),
      ("pictures", "8-bit samples; the high byte of 16-bit ones; alpha is dropped; CMYK is refused; EXIF is ignored"),
      ("scaling", "the largest centred crop of the right proportions, antialiased bilinear"),
    ],
    options: [path.option, size.option, colours.option, masks.option, maskPath.option, memory.option]
      + HeldOutIndices.options + augmentation.options)
  /// Colour channels of an image.
  enum Colours: String, OptionChoice { case rgb, grey }
  /// Where the foreground of development images is from.
  enum MaskKind: String, OptionChoice { case none, box, file }
  static let path = OptionKey.text("path", "the folder; required")
  private static let size = OptionKey.size(
    "size", 4...4096, "height and width of the images, pixels; default: those of the pictures, if all are equal")
  private static let colours = OptionKey.choice("colours", default: Colours.rgb, "colour channels of an image")
  private static let masks = OptionKey.choice(
    "masks", default: MaskKind.none, "foreground of development images: none, the central box, or files of mask-path")
  private static let maskPath = OptionKey.text(
    "mask-path", "folder of masks named as the pictures below path, ending in .png; not black is foreground")
  private static let memory = OptionKey.integer(
    "memory", 0...1_000_000, default: 2048, "MiB; larger sets are not kept in memory but decoded for each batch")
  private static let augmentation = AugmentationOptions(padCrop: 0, flip: true)

  static func load(_ options: Options, _ seed: UInt64, _ advanced: (Double) throws -> Void) throws -> DataSplits {
    guard let path = options[Self.path] else {
      throw InputError("data.path", "is missing", remedy: "image-folder needs the folder with its pictures")
    }
    let augmentation = try Self.augmentation.read(options)
    let masks = try Masks(options)
    let tree = try PictureTree(path)
    let splits = try splits(tree, options, seed)
    let fit = try fit(options, first: "\(path)/\(splits[0].names[0])")
    let (sets, sums) = try sets(splits, path, fit, options, masks: (masks, ofPart: 1), advanced)
    return DataSplits(
      train: sets[0], development: sets[1], test: sets[2], augmentation: augmentation,
      normalization: Normalization(sums), notes: tree.notes)
  }

  /// All pictures of a folder that is one split, or of class folders that are not divided.
  ///
  /// - Parameters:
  ///   - part: the split's folder below the path; empty for class folders there.
  ///   - path: `data.path`.
  ///   - options: of ``entry``.
  ///   - advanced: is told the share that is done.
  /// - Returns: the set, with masks if they are asked for, and the normalisation by its own pixels.
  /// - Throws: ``InputError`` for folders and pictures that cannot be read.
  static func whole(
    _ part: String, of path: String, _ options: Options, _ advanced: (Double) throws -> Void
  ) throws -> (set: ImageSet, normalization: Normalization) {
    let tree = try PictureTree(part.isEmpty ? path : "\(path)/\(part)")
    if let line = tree.unread.line(root: tree.root) { Notice.tell(line) }
    let all = Chosen(tree.train, Array(tree.train.names.indices), tree, below: part.isEmpty ? "" : "\(part)/")
    let fit = try fit(options, first: "\(path)/\(all.names[0])")
    let (sets, sums) = try sets([all], path, fit, options, masks: (Masks(options), ofPart: 0), advanced)
    return (sets[0], Normalization(sums))
  }

  /// Decodes the pictures of some parts; the sums are of the first.
  private static func sets(
    _ splits: [Chosen], _ path: String, _ fit: PictureFit, _ options: Options, masks: (Masks, ofPart: Int),
    _ advanced: (Double) throws -> Void
  ) throws -> ([ImageSet], ChannelSums) {
    var sums = ChannelSums(channels: fit.channels)
    let count = splits.reduce(0) { $0 + $1.names.count }
    let isInMemory = count * fit.imageSize <= options[Self.memory] << 20
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
      let foreground = place == masks.ofPart ? try masks.0.masks(of: split.names, root: path, fit) : nil
      sets.append(
        isInMemory
          ? ImageSet(
            name: entry.name, height: fit.height, width: fit.width, channels: fit.channels, classes: split.classes,
            pixels: pixels, labels: split.labels, masks: foreground)
          : ImageSet(name: entry.name, classes: split.classes, files: files, labels: split.labels, masks: foreground))
    }
    return (sets, sums)
  }

  /// Pictures of a split and what they show.
  private struct Chosen {
    let names: [String]
    let labels: [Int32]
    let classes: [String]

    init(_ split: PictureTree.Split, _ indices: [Int], _ tree: PictureTree, below folder: String = "") {
      names = indices.map { folder + split.names[$0] }
      labels = indices.map { split.labels[$0] }
      classes = tree.classes
    }
  }

  /// Training, development and test.
  private static func splits(_ tree: PictureTree, _ options: Options, _ seed: UInt64) throws -> [Chosen] {
    let wanted = options[HeldOutIndices.developmentCount]
    guard let test = tree.test else {
      let indices = try HeldOutIndices(options, name: tree.root, labels: tree.train.labels, test: nil, seed: seed)
      return [indices.train, indices.development, indices.test].map { Chosen(tree.train, $0, tree) }
    }
    let indices =
      tree.development == nil
      ? try HeldOutIndices(options, name: tree.root, labels: tree.train.labels, test: test.labels, seed: seed)
      : try HeldOutIndices(
        options, name: tree.root, development: 0, training: tree.train.labels, test: test.labels, seed: seed)
    var development = Chosen(tree.train, indices.development, tree)
    if let own = tree.development {
      guard wanted ?? 0 <= own.names.count else {
        throw InputError(
          "data.development", "is \(wanted ?? 0)",
          remedy: "the folder of the development split has \(own.names.count) pictures")
      }
      development = Chosen(own, stratifiedSamples(of: own.labels, sizes: [wanted], seed: seed)[0], tree)
    }
    return [Chosen(tree.train, indices.train, tree), development, Chosen(test, indices.test, tree)]
  }

  private static func fit(_ options: Options, first: String) throws -> PictureFit {
    let channels = options[Self.colours] == .grey ? 1 : 3
    if let size = options[Self.size] { return PictureFit(height: size.height, width: size.width, channels: channels) }
    let picture = try Picture(path: first)
    return PictureFit(height: picture.height, width: picture.width, channels: channels, isExact: true)
  }

  /// Where masks come from.
  private enum Masks {
    case none
    case box
    case files(String)

    init(_ options: Options) throws {
      let path = options[ImageFolderSet.maskPath]
      switch (options[ImageFolderSet.masks], path) {
      case (.file, let path?):
        guard Folders.isFolder(path) else {
          throw InputError(path, "is not a folder", remedy: "data.mask-path is a folder of masks")
        }
        self = .files(path)
      case (.file, nil):
        throw InputError("data.mask-path", "is missing", remedy: "masks: file needs the folder of masks")
      case (.none, .some), (.box, .some):
        throw InputError("data.mask-path", "is given, but masks are not files", remedy: "add masks: file")
      case (.box, nil): self = .box
      case (.none, nil): self = .none
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
