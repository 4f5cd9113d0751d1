import Support

#if canImport(Glibc)
  import Glibc
#endif

/// CIFAR-10 and CIFAR-100 in their binary version.
struct CIFARSets {
  let entry: CatalogEntry
  private let archive: String
  private let folder: String
  private let training: [String]
  private let test: String
  /// Label bytes of a record: name, number of classes, file of names, names where that is absent.
  private let labels: [(name: String, count: Int, file: String, names: [String])]

  static let cifar10 = CIFARSets(
    name: "cifar10", "photographs of 10 classes, 32x32 RGB, binary version", archive: "cifar-10-binary.tar.gz",
    folder: "cifar-10-batches-bin", training: (1...5).map { "data_batch_\($0).bin" }, test: "test_batch.bin",
    labels: [
      (
        "class", 10, "batches.meta.txt",
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
      )
    ], options: [])

  static let cifar100 = CIFARSets(
    name: "cifar100", "photographs of 100 classes in 20 groups, 32x32 RGB, binary version",
    archive: "cifar-100-binary.tar.gz", folder: "cifar-100-binary", training: ["train.bin"], test: "test.bin",
    labels: [
      ("coarse", 20, "coarse_label_names.txt", (0..<20).map { "group \($0)" }),
      ("fine", 100, "fine_label_names.txt", (0..<100).map { "class \($0)" }),
    ],
    options: [
      OptionDescription(
        "labels", .choice(["fine", "coarse"]), default: .text("fine"), "the 100 classes or the 20 groups")
    ])

  private init(
    name: String, _ summary: String, archive: String, folder: String, training: [String], test: String,
    labels: [(name: String, count: Int, file: String, names: [String])], options: [OptionDescription]
  ) {
    entry = CatalogEntry(
      name, summary, paper: "Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
      facts: [("archive", archive)],
      options: [OptionDescription("path", .text, "the unpacked folder \(folder), or the one that holds it; required")]
        + options + [boxMaskOption] + heldOutOptions(development: 5000, train: nil, test: nil)
        + augmentationOptions(padCrop: 4, flip: true))
    (self.archive, self.folder, self.training, self.test, self.labels) = (archive, folder, training, test, labels)
  }

  /// - Throws: ``InputError`` for files that are missing, damaged or of the Python version.
  func load(_ options: Options, _ seed: UInt64) throws -> DataSplits {
    guard let given = options.textIfGiven("path") else {
      throw InputError("data.path", "is missing", remedy: "\(entry.name) needs the folder unpacked from \(archive)")
    }
    guard Folders.isFolder(given) else {
      throw InputError(given, "is not a folder", remedy: "unpack \(archive) and give its folder")
    }
    let path = Folders.isFolder("\(given)/\(folder)") ? "\(given)/\(folder)" : given
    try refusePickles(path)
    let wanted = options.values["labels"] == .text("coarse") ? 0 : labels.count - 1
    let classes = try classNames(path, labels[wanted])
    func set(_ names: [String]) throws -> ImageSet {
      let files = try names.map {
        try CIFARFile(path: "\(path)/\($0)", limits: labels.map(\.count), chosen: wanted, archive: archive)
      }
      return ImageSet(
        name: entry.name, height: CIFARFile.side, width: CIFARFile.side, channels: 3, classes: classes,
        pixels: files.flatMap(\.pixels), labels: files.flatMap(\.labels))
    }
    return try hold(out: options, whole: set(training), test: set([test]), seed: seed)
  }

  /// The Python version has the same names without .bin (CIFAR-100: `train` and `test`).
  private func refusePickles(_ path: String) throws {
    for name in ["cifar-10-batches-py", "cifar-100-python"] where Folders.isFolder("\(path)/\(name)") {
      throw InputError("\(path)/\(name)", "is CIFAR's Python version", remedy: "the binary one is wanted: \(archive)")
    }
    for name in training + [test] where access("\(path)/\(name)", F_OK) != 0 {
      let pickle = String(name.dropLast(4))
      guard access("\(path)/\(pickle)", F_OK) != 0 else {
        throw InputError(
          "\(path)/\(pickle)", "is CIFAR's Python version", remedy: "the binary one is wanted: \(archive)")
      }
      throw InputError("\(path)/\(name)", "no such file", remedy: "data.path is the folder unpacked from \(archive)")
    }
  }

  private func classNames(
    _ path: String, _ kind: (name: String, count: Int, file: String, names: [String])
  ) throws -> [String] {
    let file = "\(path)/\(kind.file)"
    guard access(file, F_OK) == 0 else { return kind.names }
    let text = String(decoding: try FileBytes.read(file, atMost: 1 << 16, as: "a list of class names"), as: UTF8.self)
    let names = text.split(whereSeparator: \.isNewline).map { line in
      String(line.filter { !$0.isWhitespace && $0.isASCII })
    }.filter { !$0.isEmpty }
    guard names.count == kind.count else {
      throw InputError(file, "has \(names.count) names", remedy: "one for each of \(kind.count) classes is expected")
    }
    return names
  }
}
