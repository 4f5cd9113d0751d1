import Support

/// CIFAR-10 and CIFAR-100 in their binary or Python version.
struct CIFARSets {
  let entry: CatalogEntry
  private let path: OptionKey<String?>
  /// The binary one first.
  private let versions: [CIFARVersion]
  /// In the order of a record's label bytes.
  private let labels: [CIFARVersion.Labels]

  /// Which of the labels of CIFAR-100 are taken.
  enum LabelKind: String, OptionChoice { case fine, coarse }
  private static let labelKind = OptionKey.choice(
    "labels", default: LabelKind.fine, "the 100 classes or the 20 groups")
  private static let augmentation = AugmentationOptions(padCrop: 4, flip: true)

  static let cifar10 = CIFARSets(
    name: "cifar10", "photographs of 10 classes, 32x32 RGB, binary or Python version",
    versions: [
      CIFARVersion(
        isPickled: false, archive: "cifar-10-binary.tar.gz", folder: "cifar-10-batches-bin",
        training: (1...5).map { "data_batch_\($0).bin" }, test: "test_batch.bin", meta: "batches.meta.txt"),
      CIFARVersion(
        isPickled: true, archive: "cifar-10-python.tar.gz", folder: "cifar-10-batches-py",
        training: (1...5).map { "data_batch_\($0)" }, test: "test_batch", meta: "batches.meta"),
    ],
    labels: [
      CIFARVersion.Labels(
        count: 10, file: "batches.meta.txt", key: "labels", namesKey: "label_names",
        names: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"])
    ], options: [])

  static let cifar100 = CIFARSets(
    name: "cifar100", "photographs of 100 classes in 20 groups, 32x32 RGB, binary or Python version",
    versions: [
      CIFARVersion(
        isPickled: false, archive: "cifar-100-binary.tar.gz", folder: "cifar-100-binary", training: ["train.bin"],
        test: "test.bin", meta: "fine_label_names.txt"),
      CIFARVersion(
        isPickled: true, archive: "cifar-100-python.tar.gz", folder: "cifar-100-python", training: ["train"],
        test: "test", meta: "meta"),
    ],
    labels: [
      CIFARVersion.Labels(
        count: 20, file: "coarse_label_names.txt", key: "coarse_labels", namesKey: "coarse_label_names",
        names: (0..<20).map { "group \($0)" }),
      CIFARVersion.Labels(
        count: 100, file: "fine_label_names.txt", key: "fine_labels", namesKey: "fine_label_names",
        names: (0..<100).map { "class \($0)" }),
    ],
    options: [labelKind.option])

  private init(
    name: String, _ summary: String, versions: [CIFARVersion], labels: [CIFARVersion.Labels],
    options: [OptionDescription]
  ) {
    let folders = versions.map(\.folder).joined(separator: " or ")
    path = OptionKey.text("path", "the unpacked folder \(folders), or the one that holds it; required")
    entry = CatalogEntry(
      name, summary, paper: "Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
      facts: [("archive", versions.map(\.archive).joined(separator: " or "))],
      options: [path.option] + options + [BoxMask.key.option] + HeldOutIndices.options(development: 5000)
        + Self.augmentation.options)
    (self.versions, self.labels) = (versions, labels)
  }

  /// - Throws: ``InputError`` for files that are missing or damaged.
  func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    let archives = versions.map(\.archive).joined(separator: " or ")
    guard let given = options[path] else {
      throw InputError("data.path", "is missing", remedy: "\(entry.name) needs the folder unpacked from \(archives)")
    }
    guard Folders.isFolder(given) else {
      throw InputError(given, "is not a folder", remedy: "unpack \(archives) and give its folder")
    }
    let found = versions.compactMap { version in version.place(in: given).map { (version, path: $0) } }.first
    guard let (version, path) = found else {
      let begun = versions.first { $0.isThere(in: given) } ?? versions[0]
      throw InputError(
        begun.missing(in: given), "no such file", remedy: "data.path is the folder unpacked from \(archives)")
    }
    let wanted = options[Self.labelKind] == .coarse ? 0 : labels.count - 1
    let classes = try version.classNames(in: path, labels[wanted])
    func set(_ names: [String]) throws -> ImageSet {
      var (pixels, found): ([UInt8], [Int32]) = ([], [])
      for name in names {
        let file = try version.images(name, in: path, labels: labels, wanted: wanted)
        pixels += file.pixels
        found += file.labels
        guard pixels.count <= CIFARFile.mostBytes else {
          throw InputError(
            "\(path)/\(name)", "is the last of more than \(found.count - 1) images",
            remedy: "\(version.archive) has no more than 50000 in all such files")
        }
      }
      return ImageSet(
        name: entry.name, height: CIFARFile.side, width: CIFARFile.side, channels: 3, classes: classes, pixels: pixels,
        labels: found)
    }
    return try hold(
      out: options, Self.augmentation, whole: set(version.training), test: set([version.test]), seed: seed)
  }
}
