import Foundation
import Support

/// A zip file, stored or deflated, with 64-bit sizes; read with distrust.
///
/// Names are never used as paths on the disk. Entries that overlap or reach into the directory are refused, and so are
/// encrypted ones. Nothing is unpacked before it is asked for.
public struct ZipArchive: Sendable {
  /// One file within the archive.
  public struct Entry: Sendable, Equatable {
    /// As written; may contain `/`.
    public let name: String
    /// Bytes when unpacked.
    public let size: Int
    let isDeflated: Bool
    let checksum: UInt32
    /// Where the packed bytes lie in the archive.
    let bytes: Range<Int>
  }

  /// In the order of the directory.
  public let entries: [Entry]
  private let data: Data
  private let path: String

  /// Maps a file and reads its directory.
  ///
  /// - Throws: ``InputError`` naming the file, the byte or entry, and what would be right.
  public static func read(_ url: URL) throws -> ZipArchive {
    try ZipArchive(FileBytes.mapped(url.path, as: "a zip file", remedy: "check the path"), path: url.path)
  }

  /// Reads the directory of an archive.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - path: what errors call it.
  /// - Throws: as ``read(_:)``.
  public init(_ data: Data, path: String) throws {
    let data = data.startIndex == 0 ? data : Data(data)
    entries = try ZipDirectory(data, path: path).entries
    self.data = data
    self.path = path
  }

  /// The entry of a name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Unpacks an entry and holds it against its checksum.
  ///
  /// - Returns: the entry's bytes; a stored one still lies in the mapped file.
  /// - Throws: ``InputError`` if it is damaged, or if it unpacks more than twentyfold to more than 64 MiB.
  public func contents(of entry: Entry) throws -> Data {
    let place = "\(path): entry \(inQuotes(entry.name))"
    let packed = data[entry.bytes]
    let result: Data
    if entry.isDeflated {
      guard entry.size <= 64 << 20 || entry.size / 20 <= packed.count else {
        throw InputError(
          place, "unpacks \(packed.count) bytes to \(entry.size)", remedy: "store it unpacked if that is meant")
      }
      result = Data(try packed.withUnsafeBytes { try Inflate.raw($0, to: entry.size, at: place) })
    } else {
      result = packed
    }
    // PyTorch can write zeros instead of checksums.
    guard entry.checksum == 0 || result.withUnsafeBytes({ Inflate.checksum($0) }) == entry.checksum else {
      throw InputError(place, "does not have its checksum", remedy: "it is damaged: fetch or write the file again")
    }
    return result
  }
}
