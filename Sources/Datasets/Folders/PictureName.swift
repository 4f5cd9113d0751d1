/// What a file's name says of it as a picture.
enum PictureName {
  /// Endings of the formats that are read: PNG and JPEG.
  private static let read = [".png", ".jpg", ".jpeg", ".jpe", ".jfif"]
  /// Endings of pictures in other formats: whoever has such files means them to be used.
  private static let others = [
    ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jxl", ".svg", ".ico",
    ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".psd", ".dng", ".cr2", ".nef", ".arw",
  ]
  /// What systems and tools put beside the user's own files.
  private static let foreign: Set<String> = ["__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"]

  /// Endings that are read, for an error line.
  static let expectation = "files that end in .png, .jpg or .jpeg are expected"

  /// Whether a file is taken for a picture that is read; upper case counts as lower case.
  static func isRead(_ name: String) -> Bool { ending(of: name, among: read) != nil }

  /// The ending of a picture in a format that is not read; nil for all else.
  static func unreadEnding(_ name: String) -> String? { ending(of: name, among: others) }

  /// Whether a file or folder is nothing that the user put there: hidden, or a system's own.
  static func isPassedOver(_ name: String) -> Bool { name.hasPrefix(".") || foreign.contains(name) }

  private static func ending(of name: String, among endings: [String]) -> String? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let ending = name[dot...].lowercased()
    return endings.contains(ending) ? ending : nil
  }
}

/// Pictures of formats that are not read: counted by ending, one of them named.
struct UnreadPictures {
  private var counts: [String: Int] = [:]
  private var example: String?

  /// Counts a file if it is such a picture.
  mutating func note(_ name: String) {
    guard let ending = PictureName.unreadEnding(name.split(separator: "/").last.map(String.init) ?? name) else {
      return
    }
    counts[ending, default: 0] += 1
    example = example ?? name
  }

  /// How many of which kind: "3 .gif, 1 .webp"; nil where there are none.
  var summary: String? {
    guard !counts.isEmpty else { return nil }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
      .joined(separator: ", ")
  }

  /// What the user is told.
  ///
  /// - Parameter root: the folder below which the pictures lie.
  /// - Returns: one line; nil where there are none.
  func line(root: String) -> String? {
    guard let summary, let example else { return nil }
    return "\(root): pictures of formats that are not read are left out: \(summary) (such as \(example)); "
      + "convert them to PNG or JPEG"
  }
}
