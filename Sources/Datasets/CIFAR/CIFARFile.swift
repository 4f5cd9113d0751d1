import Checkpoints
import Foundation
import Support

/// Images of one of CIFAR's files, of the binary or the Python version.
package struct CIFARFile: Sendable {
  /// The labels asked for, one per image.
  package let labels: [Int32]
  /// [N, 32, 32, 3].
  package let pixels: [UInt8]

  /// Side of an image.
  package static let side = 32
  /// Longer files are refused, bytes; the longest of the archives has 155 million.
  package static let mostBytes = 192 << 20

  /// Reads a file of the binary version: records of one or two label bytes, then 32×32 red, green and blue values.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limits: for each label byte of a record, how many classes there are.
  ///   - chosen: which of the label bytes is the label.
  ///   - archive: the archive that has such files, for error lines.
  /// - Throws: ``InputError`` for files that are absent, of another version, cut short or damaged.
  package init(path: String, limits: [Int], chosen: Int, archive: String) throws {
    let remedy = "a file of \(archive) is expected"
    let bytes = try FileBytes.read(path, atMost: Self.mostBytes, as: "a file of \(archive)")
    guard let first = bytes.first else { throw InputError(path, "is empty", remedy: remedy) }
    if first == 0x80 { throw InputError(path, "is a pickle of CIFAR's Python version", remedy: remedy) }
    if bytes.starts(with: [0x1F, 0x8B]) { throw InputError(path, "is a packed archive", remedy: "unpack it") }
    let record = limits.count + 3 * Self.side * Self.side
    guard bytes.count % record == 0 else {
      throw InputError(
        path, "has \(bytes.count) bytes, which is no whole number of records of \(record)",
        remedy: "it is cut short or of another kind; \(remedy)")
    }
    let count = bytes.count / record
    for image in 0..<count {
      for (place, limit) in limits.enumerated() where bytes[image * record + place] >= limit {
        throw InputError(
          "\(path): byte \(image * record + place)", "label \(bytes[image * record + place]) of image \(image)",
          remedy: "labels lie from 0 to \(limit - 1); \(remedy)")
      }
    }
    labels = (0..<count).map { Int32(bytes[$0 * record + chosen]) }
    pixels = bytes.withUnsafeBytes { Self.interleaved($0, count: count, record: record, offset: limits.count) }
  }

  /// Reads a file of the Python version: a pickled dictionary with `data`, uint8 [N, 3072], and lists of labels.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - key: of the labels: `labels`, `fine_labels` or `coarse_labels`.
  ///   - limit: how many classes there are.
  ///   - archive: the archive that has such files, for error lines.
  /// - Throws: ``InputError`` for files that are absent, of another kind, cut short or damaged.
  package init(pickle path: String, key: String, limit: Int, archive: String) throws {
    let remedy = "a file of \(archive) is expected"
    let pickle = try Pickle(path: path, atMost: Self.mostBytes, as: "a file of \(archive)")
    guard case .array(let array)? = pickle.value["data"] else {
      throw InputError(path, "holds no array 'data'", remedy: remedy)
    }
    let size = 3 * Self.side * Self.side
    guard array.elementType == "u1", !array.isFortranOrder || array.shape.first == 1, array.shape.count == 2,
      array.shape[1] == size, array.shape[0] > 0, array.bytes.count == array.shape[0] * size
    else {
      throw InputError(
        path,
        "'data' is an array \(array.shape) of '\(VisibleText.name(array.elementType, atMost: 20))' with \(array.bytes.count) bytes",
        remedy: "uint8 [N, \(size)] is expected")
    }
    let count = array.shape[0]
    guard let list = pickle.value[key]?.elements, list.count == count else {
      throw InputError(path, "holds no list '\(key)' of \(count) labels", remedy: remedy)
    }
    labels = try list.enumerated().map { image, value in
      guard case .integer(let label) = value, (0..<Int64(limit)).contains(label) else {
        throw InputError(
          path, "'\(key)' holds \(value.shown) for image \(image)", remedy: "labels lie from 0 to \(limit - 1)")
      }
      return Int32(label)
    }
    pixels = array.bytes.withUnsafeBytes { Self.interleaved($0, count: count, record: size, offset: 0) }
  }

  /// Pixel by pixel what lies colour by colour.
  private static func interleaved(
    _ bytes: UnsafeRawBufferPointer, count: Int, record: Int, offset: Int
  ) -> [UInt8] {
    let size = side * side
    return [UInt8](unsafeUninitializedCapacity: count * 3 * size) { target, filled in
      for image in 0..<count {
        for channel in 0..<3 {
          let from = image * record + offset + channel * size
          for place in 0..<size { target[(image * size + place) * 3 + channel] = bytes[from + place] }
        }
      }
      filled = target.count
    }
  }
}

extension PickleValue {
  /// A number as it is, anything else by its kind.
  fileprivate var shown: String { if case .integer(let number) = self { "\(number)" } else { kind } }
}
