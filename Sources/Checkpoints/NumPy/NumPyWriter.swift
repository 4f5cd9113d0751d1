import Foundation
import Support

/// Writes NumPy's files: `.npy` for one array, `.npz` for named ones; byte for byte what `numpy.save` and `numpy.savez`
/// write for the same arrays.
public enum NumPyWriter {
  /// One array as an `.npy` file of version 1.0: row-major, little-endian, the data aligned to 64 bytes.
  ///
  /// - Throws: ``InputError`` for a type that NumPy does not have: bfloat16, and floats of 8 bits and less.
  public static func npy(_ tensor: StoredTensor) throws -> Data { try prefix(of: tensor) + tensor.bytes }

  /// Writes one array, whole or not at all.
  ///
  /// - Throws: ``InputError`` for a type that NumPy does not have, and as ``AtomicFile``.
  public static func write(_ tensor: StoredTensor, to url: URL) throws {
    let prefix = try prefix(of: tensor)
    try AtomicFile.write(to: url) { descriptor in
      for part in [prefix, tensor.bytes] {
        try part.withUnsafeBytes { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
      }
    }
  }

  /// Writes an archive of arrays by name, stored without compression, whole or not at all.
  ///
  /// - Parameters:
  ///   - tensors: with names that differ.
  ///   - url: the file.
  /// - Throws: ``InputError`` for a type that NumPy does not have, and as ``AtomicFile``.
  public static func writeArchive(_ tensors: [StoredTensor], to url: URL) throws {
    // Before the file is begun: a type that does not fit is the user's error, not the disk's.
    for tensor in tensors { _ = try description(of: tensor) }
    try AtomicFile.write(to: url) { descriptor in
      var archive = ZipWriter { try AtomicFile.writeAll($0, to: descriptor, path: url.path) }
      for tensor in tensors { try archive.add("\(tensor.name).npy", npy(tensor)) }
      try archive.finish()
    }
  }

  /// Magic, version and header: all that stands before the data.
  private static func prefix(of tensor: StoredTensor) throws -> Data {
    let extents = tensor.shape.map(String.init).joined(separator: ", ") + (tensor.shape.count == 1 ? "," : "")
    var header = "{'descr': '\(try description(of: tensor))', 'fortran_order': False, 'shape': (\(extents)), }"
    // NumPy leaves room for the first extent to grow to 21 digits, so that a file can be appended to in place.
    if let first = tensor.shape.first { header += String(repeating: " ", count: max(0, 21 - String(first).count)) }
    // Magic, version and length take ten bytes, the line end one.
    header += String(repeating: " ", count: 64 - (11 + header.utf8.count) % 64) + "\n"
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    return Data(magic + UInt16(header.utf8.count).littleEndianBytes + Array(header.utf8))
  }

  private static func description(of tensor: StoredTensor) throws -> String {
    switch tensor.type {
    case .f64: "<f8"
    case .f32: "<f4"
    case .f16: "<f2"
    case .i64: "<i8"
    case .i32: "<i4"
    case .i16: "<i2"
    case .i8: "|i1"
    case .u64: "<u8"
    case .u32: "<u4"
    case .u16: "<u2"
    case .u8: "|u1"
    case .bool: "|b1"
    case .c64: "<c8"
    case .f4, .f6e2m3, .f6e3m2, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .bf16:
      throw InputError(
        "tensor \(inQuotes(tensor.name))", "NumPy has no type \(tensor.type.rawValue)",
        remedy: "write safetensors or .pth, or convert it to F32 (--dtype f32)")
    }
  }
}
