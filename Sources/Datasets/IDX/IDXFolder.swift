import Support

#if canImport(Glibc)
  import Glibc
#endif

/// The four files of an MNIST-like data set.
struct IDXFolder {
  private let path: String

  /// - Parameter path: the folder with the four files.
  /// - Throws: ``InputError`` if it is not a folder.
  init(_ path: String) throws {
    guard Folders.isFolder(path) else {
      throw InputError(path, "is not a folder", remedy: "data.path is the folder that holds train-images-idx3-ubyte")
    }
    self.path = path
  }

  /// Where the Debian package dataset-fashion-mnist puts its files.
  static let installedFashion = "/usr/share/datasets/fashion-mnist"

  /// The training images, or the test images.
  ///
  /// - Parameters:
  ///   - part: which of the two.
  ///   - name: of the set.
  ///   - classes: names; labels must lie below their number.
  /// - Returns: grey images, with what is not black as their mask.
  /// - Throws: ``InputError`` for files that are missing or damaged, or do not belong together.
  func load(_ part: Part, name: String, classes: [String]) throws -> ImageSet {
    let imagePath = try file("\(part.rawValue)-images", "idx3-ubyte")
    let labelPath = try file("\(part.rawValue)-labels", "idx1-ubyte")
    let labels = try IDXFile(path: labelPath, rank: 1)
    let images = try IDXFile(path: imagePath, rank: 3)
    guard images.dimensions[0] == labels.dimensions[0] else {
      throw InputError(
        labelPath, "has \(labels.dimensions[0]) labels, but \(imagePath) has \(images.dimensions[0]) images",
        remedy: "both files must be of one set")
    }
    guard images.dimensions[1] <= 4096, images.dimensions[2] <= 4096, images.dimensions[0] <= Self.mostImages else {
      throw InputError(
        imagePath, "holds \(images.dimensions.map(String.init).joined(separator: "x")) values",
        remedy: "at most \(Self.mostImages) images with sides of at most 4096 are read")
    }
    let answers = try labels.values()
    if let index = answers.firstIndex(where: { $0 >= classes.count }) {
      throw InputError(
        labelPath, "label \(answers[index]) of image \(index) is no class of \(name)",
        remedy: "labels lie from 0 to \(classes.count - 1)")
    }
    let pixels = try images.values()
    return ImageSet(
      name: name, height: images.dimensions[1], width: images.dimensions[2], channels: 1, classes: classes,
      pixels: pixels, labels: answers.map(Int32.init), masks: pixels.map { $0 == 0 ? 0 : 1 })
  }

  private static let mostImages = 10_000_000

  enum Part: String { case train, test = "t10k" }

  /// Dots and dashes both occur before `idx`; with and without `.gz`.
  private func file(_ stem: String, _ ending: String) throws -> String {
    for separator in ["-", "."] {
      for suffix in ["", ".gz"] {
        let candidate = "\(path)/\(stem)\(separator)\(ending)\(suffix)"
        if access(candidate, F_OK) == 0 { return candidate }
      }
    }
    throw InputError(path, "holds no \(stem)-\(ending), plain or .gz", remedy: "give the folder with all four files")
  }
}
