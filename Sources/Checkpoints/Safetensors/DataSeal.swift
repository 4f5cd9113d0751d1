import Foundation
import Support

/// A checksum of a file's data in its own metadata: a bit that has turned on a disk is found before it is computed with.
public enum DataSeal {
  /// The metadata entry; files from elsewhere have none.
  public static let key = "kdscope.crc32"

  /// CRC-32 of some parts in a row, eight hexadecimal digits.
  static func of(_ parts: some Sequence<Data>) -> String {
    text(parts.reduce(0) { sum, part in part.withUnsafeBytes { Inflate.checksum($0, after: sum) } })
  }

  /// CRC-32 of some bytes, eight hexadecimal digits.
  public static func of(_ text: String) -> String { of([Data(text.utf8)]) }

  /// Holds the data section of a file against the seal in its header.
  ///
  /// - Throws: ``InputError`` if there is a seal and it is that of other data.
  static func check(_ header: SafetensorsHeader, _ file: Data, path: String) throws {
    guard let seal = header.metadata[key], let first = header.entries.first, let last = header.entries.last else {
      return
    }
    let range = file.startIndex + first.bytes.lowerBound..<file.startIndex + last.bytes.upperBound
    guard of([file[range]]) != seal else { return }
    throw InputError(
      path, "the file is damaged: its data are not those that were written (checksum)",
      remedy: "restore it, or remove its folder to make it anew; if you changed it, leave \(key) out of its metadata")
  }

  private static func text(_ sum: UInt32) -> String {
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
