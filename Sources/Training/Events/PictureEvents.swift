import Foundation
import Support

/// Finished pictures and texts as one TensorBoard event file, which replaces that of an earlier time.
public enum PictureEvents {
  /// Writes the file, whole or not at all.
  ///
  /// - Parameters:
  ///   - folder: of this file alone; made if need be.
  ///   - texts: in markdown, by their tags.
  ///   - pictures: PNG files by their tags.
  ///   - time: seconds since 1970.
  /// - Throws: ``InputError`` if the folder cannot be written to or a picture is none, ``WorkError`` if writing fails.
  public static func write(
    to folder: URL, texts: [(tag: String, markdown: String)], pictures: [(tag: String, png: Data)],
    time: Double = Date().timeIntervalSince1970
  ) throws {
    try Folders.create(folder)
    var records = [EventRecord(time: time, step: 0, .version)]
    records += texts.map { EventRecord(time: time, step: 0, .text(tag: $0.tag, markdown: $0.markdown)) }
    for picture in pictures {
      let png = [UInt8](picture.png)
      guard let size = Self.size(of: png) else {
        throw InputError(picture.tag, "the picture is no PNG file", remedy: "write the report again")
      }
      records.append(
        EventRecord(
          time: time, step: 0, .image(tag: picture.tag, png: png, width: size.width, height: size.height)))
    }
    let earlier = EventFile.files(in: folder)
    let url = folder.appendingPathComponent(EventFile.newName(time: time))
    try AtomicFile.write(Data(records.flatMap(\.framed)), to: url)
    for file in earlier where file.lastPathComponent != url.lastPathComponent {
      try? FileManager.default.removeItem(at: file)
    }
  }

  /// Width and height from the chunk IHDR, which is always the first.
  private static func size(of png: [UInt8]) -> (width: Int, height: Int)? {
    guard png.count >= 24, Array(png[12..<16]) == Array("IHDR".utf8) else { return nil }
    func number(_ range: Range<Int>) -> Int { png[range].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16..<20), number(20..<24))
  }
}
