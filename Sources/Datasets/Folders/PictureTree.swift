import Foundation
import Support

/// Pictures on disk, one folder per class: `train/CLASS/…`, `test/CLASS/…` and perhaps `development/CLASS/…`, or class
/// folders alone.
///
/// Classes and pictures come in the order of their names' bytes. A picture ends in .png, .jpg or .jpeg; other files, and
/// names that begin with a dot, are passed over.
struct PictureTree {
  /// Pictures of one split.
  struct Split {
    /// Relative to the root.
    var names: [String] = []
    /// Indices into the classes.
    var labels: [Int32] = []
  }

  /// The folder that holds all.
  let root: String
  /// Names of the class folders.
  let classes: [String]
  /// Training pictures; all pictures where there are class folders alone.
  let train: Split
  /// Pictures of `development`; nil where there is no such folder.
  let development: Split?
  /// Pictures of `test`; nil where there are class folders alone.
  let test: Split?

  private static let endings = [".png", ".jpg", ".jpeg"]

  /// Whether a file is taken for a picture.
  static func isPicture(_ name: String) -> Bool { endings.contains(where: name.lowercased().hasSuffix) }

  /// - Throws: ``InputError`` if there are no such folders, or classes that do not fit together.
  init(_ root: String) throws {
    guard Folders.isFolder(root) else {
      throw InputError(
        root, "is not a folder", remedy: "data.path is the folder that holds train/CLASS/… and test/CLASS/…")
    }
    self.root = root
    guard Folders.isFolder("\(root)/train") else {
      for split in ["test", "development"] where Folders.isFolder("\(root)/\(split)") {
        throw InputError(root, "has the folder \(split) but no train", remedy: "give both, or class folders alone")
      }
      classes = try Self.classFolders(root)
      train = try Self.split(root, "", classes)
      development = nil
      test = nil
      return
    }
    guard Folders.isFolder("\(root)/test") else {
      throw InputError(root, "has the folder train but no test", remedy: "give both, or class folders alone")
    }
    classes = try Self.classFolders("\(root)/train")
    train = try Self.split(root, "train/", classes)
    test = try Self.split(root, "test/", Self.classes(of: "\(root)/test", among: classes))
    development =
      Folders.isFolder("\(root)/development")
      ? try Self.split(root, "development/", Self.classes(of: "\(root)/development", among: classes)) : nil
  }

  private static func names(_ folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.inByteOrder
    } catch {
      throw InputError(folder, "cannot be read", remedy: "check its permissions")
    }
  }

  private static func classFolders(_ folder: String) throws -> [String] {
    let classes = try names(folder).filter { Folders.isFolder("\(folder)/\($0)") }
    guard classes.count >= 2 else {
      throw InputError(
        folder, "holds \(classes.count == 0 ? "no folder" : "one folder")",
        remedy: "one folder for each of two or more classes is expected")
    }
    return classes
  }

  /// The known classes, after checking that a split has exactly them.
  private static func classes(of folder: String, among classes: [String]) throws -> [String] {
    let found = try classFolders(folder)
    for name in found where !classes.contains(name) {
      throw InputError("\(folder)/\(name)", "is no class of train", remedy: nearest(name, in: classes))
    }
    for name in classes where !found.contains(name) {
      throw InputError("\(folder)/\(name)", "is absent", remedy: "every class of train needs its folder")
    }
    return classes
  }

  private static func split(_ root: String, _ prefix: String, _ classes: [String]) throws -> Split {
    var split = Split()
    for (label, name) in classes.enumerated() {
      let folder = "\(root)/\(prefix)\(name)"
      let before = split.names.count
      for file in try names(folder) {
        if isPicture(file) {
          split.names.append("\(prefix)\(name)/\(file)")
          split.labels.append(Int32(label))
        } else if Folders.isFolder("\(folder)/\(file)") {
          throw InputError("\(folder)/\(file)", "is a folder", remedy: "pictures lie in the class folders themselves")
        }
      }
      guard split.names.count > before else {
        throw InputError(folder, "holds no picture", remedy: "files that end in .png, .jpg or .jpeg are expected")
      }
    }
    return split
  }
}

extension [String] {
  /// In the order of their bytes, whatever the machine's language.
  var inByteOrder: [String] { sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}
