import Checkpoints
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// The files of one of CIFAR's archives, as they lie in its unpacked folder.
struct CIFARVersion: Sendable {
  /// One kind of labels.
  struct Labels: Sendable {
    /// How many classes there are.
    let count: Int
    /// Text file of their names in the binary version.
    let file: String
    /// Key of the labels of images in the Python version.
    let key: String
    /// Key of their names in the Python version.
    let namesKey: String
    /// Their names where there is no such file.
    let names: [String]
  }

  /// Whether it is the Python version.
  let isPickled: Bool
  /// The archive.
  let archive: String
  /// Its folder.
  let folder: String
  /// Files of training images.
  let training: [String]
  /// File of test images.
  let test: String
  /// File of the class names in the Python version.
  let meta: String

  /// Where the files are, if all that a training needs are there: in the folder, or in the archive's own in it.
  func place(in given: String) -> String? {
    [given + "/" + folder, given].first { path in
      (training + [test]).allSatisfy { access("\(path)/\($0)", F_OK) == 0 }
    }
  }

  /// The first file that is absent from the folder that has most of them.
  func missing(in given: String) -> String {
    let path = Folders.isFolder("\(given)/\(folder)") ? "\(given)/\(folder)" : given
    return "\(path)/" + ((training + [test]).first { access("\(path)/\($0)", F_OK) != 0 } ?? test)
  }

  /// Whether any of its files is there.
  func isThere(in given: String) -> Bool {
    Folders.isFolder("\(given)/\(folder)") || (training + [test]).contains { access("\(given)/\($0)", F_OK) == 0 }
  }

  /// Images of one file.
  func images(_ name: String, in path: String, labels: [Labels], wanted: Int) throws -> CIFARFile {
    isPickled
      ? try CIFARFile(
        pickle: "\(path)/\(name)", key: labels[wanted].key, limit: labels[wanted].count, archive: archive)
      : try CIFARFile(path: "\(path)/\(name)", limits: labels.map(\.count), chosen: wanted, archive: archive)
  }

  /// The names of the classes.
  func classNames(in path: String, _ labels: Labels) throws -> [String] {
    let file = "\(path)/\(isPickled ? meta : labels.file)"
    guard access(file, F_OK) == 0 else { return labels.names }
    let names = isPickled ? try pickledNames(file, labels.namesKey) : try writtenNames(file)
    guard names.count == labels.count else {
      throw InputError(file, "has \(names.count) names", remedy: "one for each of \(labels.count) classes is expected")
    }
    try ClassNames.check(names) { _ in file }
    return names
  }

  private func writtenNames(_ file: String) throws -> [String] {
    let text = String(decoding: try FileBytes.read(file, atMost: 1 << 16, as: "a list of class names"), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).map { line in
      String(line.filter { !$0.isWhitespace && $0.isASCII })
    }.filter { !$0.isEmpty }
  }

  private func pickledNames(_ file: String, _ key: String) throws -> [String] {
    let pickle = try Pickle(path: file, atMost: 1 << 20, as: "a file of \(archive)")
    guard let list = pickle.value[key]?.elements else {
      throw InputError(file, "holds no list '\(key)'", remedy: "a file of \(archive) is expected")
    }
    return try list.map { value in
      guard let name = value.word else {
        throw InputError(file, "'\(key)' holds \(value.kind)", remedy: "names of classes are expected")
      }
      return name
    }
  }
}
