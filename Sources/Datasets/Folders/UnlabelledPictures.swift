import Foundation
import Support

/// Pictures of which nothing is known but what they show: one file, or all below a folder.
public struct UnlabelledPictures {
  /// Where each lies below the folder, in the order of these names' bytes; the file's own name where there is one file.
  public let names: [String]
  /// What is left out below the folder, one line; nil for nothing.
  public let note: String?
  private let root: String

  /// - Throws: ``InputError`` if there is no such file or folder, or no picture below it.
  public init(_ path: String) throws {
    guard Folders.isFolder(path) else {
      let url = URL(fileURLWithPath: path)
      (names, root, note) = ([url.lastPathComponent], url.deletingLastPathComponent().path, nil)
      return
    }
    guard let below = try? FileManager.default.subpathsOfDirectory(atPath: path) else {
      throw InputError(path, "cannot be read", remedy: "check its permissions")
    }
    let visible = below.filter { name in
      !name.split(separator: "/").contains { PictureName.isPassedOver(String($0)) }
    }.inByteOrder
    var unread = UnreadPictures()
    for name in visible { unread.note(name) }
    (names, root, note) = (visible.filter(PictureName.isRead), path, unread.line(root: path))
    guard !names.isEmpty else {
      throw InputError(
        path, "holds no picture" + (unread.summary.map { " of a format that is read, but \($0)" } ?? ""),
        remedy: unread.summary == nil ? PictureName.expectation : "convert them to PNG or JPEG")
    }
  }

  private init(_ names: [String], of all: UnlabelledPictures) { (self.names, root, note) = (names, all.root, all.note) }

  /// The first of them, at most so many.
  public func first(_ count: Int) -> UnlabelledPictures { UnlabelledPictures(Array(names.prefix(count)), of: self) }

  /// The pictures as images of one size, without classes.
  ///
  /// - Throws: ``InputError`` for the first picture that cannot be read.
  package func set(_ fit: PictureFit) throws -> ImageSet {
    let files = PictureFiles(paths: names.map { "\(root)/\($0)" }, fit: fit)
    // A broken one is found before any answer is given.
    try files.forEachPiece({ _ in }) { _, _ in }
    return ImageSet(name: "images", classes: ["picture"], files: files, labels: Array(repeating: 0, count: names.count))
  }
}
