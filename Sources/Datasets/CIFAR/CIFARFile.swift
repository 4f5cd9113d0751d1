import Support

/// Records of CIFAR's binary version: one or two label bytes, then 32×32 red, green and blue values.
package struct CIFARFile: Sendable {
  /// The labels asked for, one per record.
  package let labels: [Int32]
  /// [N, 32, 32, 3].
  package let pixels: [UInt8]

  /// Side of an image.
  package static let side = 32

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limits: for each label byte of a record, how many classes there are.
  ///   - chosen: which of the label bytes is the label.
  ///   - archive: the archive that has such files, for error lines.
  /// - Throws: ``InputError`` for files that are absent, of another version, cut short or damaged.
  package init(path: String, limits: [Int], chosen: Int, archive: String) throws {
    let remedy = "the binary version is wanted: \(archive)"
    let bytes = try FileBytes.read(path, atMost: 256 << 20, as: "a file of \(archive)")
    guard let first = bytes.first else { throw InputError(path, "is empty", remedy: remedy) }
    if first == 0x80 { throw InputError(path, "is a pickle of CIFAR's Python version", remedy: remedy) }
    if bytes.starts(with: [0x1F, 0x8B]) { throw InputError(path, "is a packed archive", remedy: "unpack it") }
    let size = Self.side * Self.side
    let record = limits.count + 3 * size
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
    pixels = [UInt8](unsafeUninitializedCapacity: count * 3 * size) { target, filled in
      for image in 0..<count {
        for channel in 0..<3 {
          let from = image * record + limits.count + channel * size
          for place in 0..<size { target[(image * size + place) * 3 + channel] = bytes[from + place] }
        }
      }
      filled = target.count
    }
  }
}
