import Support

/// An array of unsigned bytes from an IDX file (the format of MNIST and its family).
///
/// Big-endian: two zero bytes, a type, the number of dimensions, one 32-bit size for each, then the values.
package struct IDXFile {
  /// Sizes, outermost first.
  package let dimensions: [Int]
  private let source: ByteSource
  private var path: String { source.path }
  private var shape: String { dimensions.map(String.init).joined(separator: "x") }

  /// Larger arrays must lie on the disk to a good part, bytes.
  private static let freeSize = 64 << 20
  /// Pictures do not pack much better.
  private static let bestPacking = 8

  /// Opens a file, plain or gzip, and reads its sizes.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - rank: how many dimensions it must have.
  /// - Throws: ``InputError`` that says what is wrong with the file. Sizes are held against the file's own length.
  package init(path: String, rank: Int) throws {
    source = try ByteSource(path)
    let magic = try source.read(4)
    guard magic[0] == 0, magic[1] == 0 else {
      let start = magic.map { String($0, radix: 16) }.joined(separator: " ")
      throw InputError(path, "starts with \(start), which is not an IDX file", remedy: "IDX starts with 0 0 8")
    }
    guard magic[2] == 0x08 else {
      throw InputError(path, "holds values of type \(magic[2])", remedy: "unsigned bytes (type 8) are read")
    }
    guard magic[3] == rank else {
      throw InputError(
        path, "has \(magic[3]) dimensions",
        remedy: rank == 1 ? "labels have 1" : "images have \(rank): count, height, width")
    }
    let header = try source.read(4 * rank)
    dimensions = (0..<rank).map { d in header[4 * d..<4 * d + 4].reduce(0) { $0 << 8 | Int($1) } }
    var count = 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow else {
        throw InputError(path, "declares \(shape) values, more than fit in memory", remedy: "the file is damaged")
      }
      count = product
    }
    guard count > 0 else {
      throw InputError(path, "declares \(shape) values, so it is empty", remedy: "the file is damaged")
    }
    guard count <= source.capacity else {
      throw InputError(
        path, "declares \(shape) values, more than the file can hold", remedy: "the file is truncated or damaged")
    }
    guard count <= Self.freeSize || count / Self.bestPacking <= source.size else {
      throw InputError(
        path, "unpacks \(source.size) bytes to \(shape) values", remedy: "unpack it yourself if that is meant")
    }
  }

  /// The values, row-major; may be asked for once.
  ///
  /// - Throws: ``InputError`` if the file ends before, goes on after them or is damaged.
  package func values() throws -> [UInt8] {
    let values = try source.read(dimensions.reduce(1, *))
    guard try source.isAtEnd() else {
      throw InputError(path, "goes on after the \(shape) values it declares", remedy: "the file is damaged")
    }
    return values
  }
}
