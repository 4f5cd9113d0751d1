import Foundation
import Support

/// Reads arrays of NumPy: .npy files and .npz archives. Nothing in them is ever executed.
public enum NumPyArray {
  /// Reads an .npy file.
  ///
  /// - Parameter url: the file; its name without ending names the array.
  /// - Returns: the elements in C order, little-endian, whatever the file has.
  /// - Throws: ``InputError`` naming the file, the byte, and what would be right.
  public static func read(_ url: URL) throws -> StoredTensor {
    try read(
      FileBytes.mapped(url.path, as: "an .npy file", remedy: "check the path"),
      named: url.deletingPathExtension().lastPathComponent, path: url.path)
  }

  /// Reads the bytes of an .npy file.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - name: of the array.
  ///   - path: what errors call it.
  /// - Returns: as ``read(_:)``.
  /// - Throws: as ``read(_:)``.
  public static func read(_ data: Data, named name: String, path: String) throws -> StoredTensor {
    let data = data.startIndex == 0 ? data : Data(data)
    let header = try NumPyHeader(data, path: path)
    var bytes = data[header.dataStart..<header.dataStart + header.dataCount]
    let width = header.type.stored.bits / 8
    if header.isFortranOrder, header.shape.count > 1 { bytes = inCOrder(bytes, header.shape, width: width) }
    // A complex number is two numbers.
    if header.type.isBigEndian { bytes = swapped(bytes, width: header.type.stored == .c64 ? 4 : width) }
    return StoredTensor(name: name, type: header.type.stored, shape: header.shape, bytes: bytes)
  }

  private static func swapped(_ bytes: Data, width: Int) -> Data {
    func swap<T: FixedWidthInteger>(_: T.Type, _ target: UnsafeMutableRawBufferPointer) {
      for start in stride(from: 0, to: target.count, by: width) {
        let value = target.loadUnaligned(fromByteOffset: start, as: T.self)
        target.storeBytes(of: value.byteSwapped, toByteOffset: start, as: T.self)
      }
    }
    var result = Data(bytes)
    result.withUnsafeMutableBytes { target in
      switch width {
      case 2: swap(UInt16.self, target)
      case 4: swap(UInt32.self, target)
      case 8: swap(UInt64.self, target)
      default: break
      }
    }
    return result
  }

  /// Elements whose first index runs fastest, put so that the last does.
  private static func inCOrder(_ bytes: Data, _ shape: [Int], width: Int) -> Data {
    var result = Data(count: bytes.count)
    guard !bytes.isEmpty else { return result }
    var strides = [Int](repeating: width, count: shape.count)
    for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var place = [Int](repeating: 0, count: shape.count)
    var from = 0
    result.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        for to in stride(from: 0, to: target.count, by: width) {
          target[to..<to + width].copyBytes(from: source[from..<from + width])
          var axis = shape.count - 1
          while axis >= 0 {
            place[axis] += 1
            from += strides[axis]
            if place[axis] < shape[axis] { break }
            from -= strides[axis] * shape[axis]
            place[axis] = 0
            axis -= 1
          }
        }
      }
    }
    return result
  }
}

/// The arrays of an .npz archive, each read when it is asked for.
public struct NumPyArchive: Sendable {
  /// Names of the arrays, without the ending .npy, in the archive's order.
  public let names: [String]
  private let archive: ZipArchive
  private let path: String

  /// Opens an archive and reads its directory.
  ///
  /// - Throws: ``InputError`` if it is no sound zip file, or holds no array.
  public init(_ url: URL) throws {
    try self.init(FileBytes.mapped(url.path, as: "an .npz file", remedy: "check the path"), path: url.path)
  }

  /// Reads the directory of an archive in memory.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - path: what errors call it.
  /// - Throws: as ``init(_:)``.
  public init(_ data: Data, path: String) throws {
    archive = try ZipArchive(data, path: path)
    names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
    self.path = path
    guard !names.isEmpty else {
      throw InputError(path, "holds no array", remedy: "entries that end in .npy are expected")
    }
  }

  /// Whether an array is one of Python objects, which are not read.
  ///
  /// - Throws: ``InputError`` if there is none of this name, or it is damaged.
  public func holdsObjects(_ name: String) throws -> Bool {
    guard let entry = archive[name + ".npy"] else {
      throw InputError(path, "holds no array \(inQuotes(name))", remedy: nearest(name, in: names))
    }
    return try archive.contents(of: entry).prefix(256).range(of: Data("'descr': '|O'".utf8)) != nil
  }

  /// Reads one array; one of Python objects is refused, and the others can still be read.
  ///
  /// - Throws: ``InputError`` if there is none of this name, or it is damaged.
  public func array(_ name: String) throws -> StoredTensor {
    guard let entry = archive[name + ".npy"] else {
      throw InputError(path, "holds no array \(inQuotes(name))", remedy: nearest(name, in: names))
    }
    return try NumPyArray.read(
      archive.contents(of: entry), named: name, path: "\(path): entry \(inQuotes(entry.name))")
  }
}
