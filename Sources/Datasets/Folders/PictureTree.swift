import Foundation
import Support

/// Pictures on disk, one folder per class: `train/CLASS/…`, `test/CLASS/…` and perhaps `development/CLASS/…`, or class
/// folders alone.
///
/// Classes and pictures come in the order of their names' bytes. A picture ends in .png, .jpg, .jpeg, .jpe or .jfif;
/// pictures of other formats are counted, and other files and names that begin with a dot are passed over.
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
  /// Pictures of the development folder; nil where there is none.
  let development: Split?
  /// Pictures of `test`; nil where there are class folders alone.
  let test: Split?
  /// Pictures that are left out.
  private(set) var unread = UnreadPictures()
  /// Folders beside those of the splits, which nobody reads.
  let unreadFolders: [String]

  /// What of the folder is left out, one line each.
  var notes: [String] {
    var lines = unread.line(root: root).map { [$0] } ?? []
    if !unreadFolders.isEmpty {
      let known = Self.developmentNames.joined(separator: ", ")
      lines.append(
        "\(root): not read beside train and test: \(unreadFolders.joined(separator: ", ")); "
          + "a development split is called one of \(known)")
    }
    return lines
  }

  /// What the folder of the development split may be called.
  static let developmentNames = ["development", "val", "valid", "validation", "dev"]

  /// - Throws: ``InputError`` if there are no such folders, or classes that do not fit together.
  init(_ root: String) throws {
    guard Folders.isFolder(root) else {
      throw InputError(
        root, "is not a folder", remedy: "data.path is the folder that holds train/CLASS/… and test/CLASS/…")
    }
    self.root = root
    let held = try Self.developmentFolder(in: root)
    guard Folders.isFolder("\(root)/train") else {
      for split in ["test"] + (held.map { [$0] } ?? []) where Folders.isFolder("\(root)/\(split)") {
        throw InputError(root, "has the folder \(split) but no train", remedy: "give both, or class folders alone")
      }
      classes = try Self.classFolders(root)
      train = try Self.split(root, "", classes, &unread)
      development = nil
      test = nil
      unreadFolders = []
      return
    }
    guard Folders.isFolder("\(root)/test") else {
      throw InputError(root, "has the folder train but no test", remedy: "give both, or class folders alone")
    }
    for name in Self.developmentNames where name != held && Folders.isFolder("\(root)/\(name)") {
      throw InputError(
        "\(root)/\(name)", "holds no class folders", remedy: "a development split has those of train, as test has")
    }
    classes = try Self.classFolders("\(root)/train")
    train = try Self.split(root, "train/", classes, &unread)
    test = try Self.split(root, "test/", Self.classes(of: "\(root)/test", among: classes), &unread)
    unreadFolders = try Self.names(root).filter {
      Folders.isFolder("\(root)/\($0)") && !["train", "test", held].contains($0)
    }
    if let name = held {
      development = try Self.split(
        root, "\(name)/", Self.classes(of: "\(root)/\(name)", among: classes), &unread)
    } else {
      development = nil
    }
  }

  /// Name of the folder of the development split below a root; nil where there is none.
  ///
  /// - Throws: ``InputError`` for two of them.
  static func developmentFolder(in root: String) throws -> String? {
    let found = developmentNames.filter { isSplit("\(root)/\($0)") }
    guard found.count < 2 else {
      throw InputError(
        root, "has the folders \(found.joined(separator: " and ")), each of which is a development split",
        remedy: "keep one of them")
    }
    return found.first
  }

  /// Whether a folder holds class folders; one with pictures is a class that happens to have such a name.
  static func isSplit(_ folder: String) -> Bool {
    guard Folders.isFolder(folder), let names = try? names(folder) else { return false }
    return !names.contains(where: PictureName.isRead) && names.contains { Folders.isFolder("\(folder)/\($0)") }
  }

  private static func names(_ folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !PictureName.isPassedOver($0) }
        .inByteOrder
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
    try ClassNames.check(classes) { "\(folder)/\(classes[$0])" }
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

  private static func split(
    _ root: String, _ prefix: String, _ classes: [String], _ unread: inout UnreadPictures
  ) throws -> Split {
    var split = Split()
    for (label, name) in classes.enumerated() {
      let folder = "\(root)/\(prefix)\(name)"
      let before = split.names.count
      var others = UnreadPictures()
      for file in try names(folder) {
        if PictureName.isRead(file) {
          split.names.append("\(prefix)\(name)/\(file)")
          split.labels.append(Int32(label))
        } else if Folders.isFolder("\(folder)/\(file)") {
          throw InputError("\(folder)/\(file)", "is a folder", remedy: "pictures lie in the class folders themselves")
        } else {
          unread.note("\(prefix)\(name)/\(file)")
          others.note(file)
        }
      }
      guard split.names.count > before else {
        if let summary = others.summary {
          throw InputError(
            folder, "holds pictures of formats that are not read: \(summary)", remedy: "convert them to PNG or JPEG")
        }
        throw InputError(folder, "holds no picture", remedy: PictureName.expectation)
      }
    }
    return split
  }
}

extension [String] {
  /// In the order of their bytes, whatever the machine's language.
  var inByteOrder: [String] { sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}
