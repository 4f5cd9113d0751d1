import Foundation
import Support

/// Pictures of which nothing is known but what they show: one file, or all below a folder.
public struct UnlabelledPictures {
  /// Where each lies below the folder, in the order of these names' bytes; the file's own name where there is one file.
  public let names: [String]
  private let root: String

  /// - Throws: ``InputError`` if there is no such file or folder, or no picture below it.
  public init(_ path: String) throws {
    guard Folders.isFolder(path) else {
      let url = URL(fileURLWithPath: path)
      (names, root) = ([url.lastPathComponent], url.deletingLastPathComponent().path)
      return
    }
    guard let below = try? FileManager.default.subpathsOfDirectory(atPath: path) else {
      throw InputError(path, "cannot be read", remedy: "check its permissions")
    }
    let isVisible = { (name: String) in !name.split(separator: "/").contains { $0.hasPrefix(".") } }
    (names, root) = (below.filter { PictureTree.isPicture($0) && isVisible($0) }.inByteOrder, path)
    guard !names.isEmpty else {
      throw InputError(path, "holds no picture", remedy: "files that end in .png, .jpg or .jpeg are expected")
    }
  }

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
