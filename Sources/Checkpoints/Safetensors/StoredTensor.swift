import Foundation
import Support

/// One tensor of a safetensors file: its own type, row-major, little-endian.
public struct StoredTensor: Sendable, Equatable {
  /// Name in the file.
  public let name: String
  /// Element type.
  public let type: StoredType
  /// Extents; empty for a scalar.
  public let shape: [Int]
  /// The elements as they lie in the file.
  public let bytes: Data

  /// - Parameters:
  ///   - name: name in the file.
  ///   - type: element type.
  ///   - shape: extents.
  ///   - bytes: as many as type and shape say.
  public init(name: String, type: StoredType, shape: [Int], bytes: Data) {
    precondition(
      bytes.count * 8 == shape.reduce(1, *) * type.bits,
      "stored tensor \(name): \(bytes.count) bytes for \(type) \(shape)")
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of 32-bit floats, row-major.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, type: .f32, shape: shape, bytes: stored(floats.map(\.bitPattern)))
  }

  /// A tensor of 64-bit floats, row-major.
  public init(name: String, shape: [Int], doubles: [Double]) {
    self.init(name: name, type: .f64, shape: shape, bytes: stored(doubles.map(\.bitPattern)))
  }

  /// A tensor of 64-bit integers, row-major.
  public init(name: String, shape: [Int], integers: [Int64]) {
    self.init(name: name, type: .i64, shape: shape, bytes: stored(integers))
  }

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The values as 32-bit floats, row-major; F64 is rounded.
  ///
  /// - Throws: ``InputError`` for a type that does not hold real numbers.
  public func floats() throws -> [Float] {
    switch type {
    case .f32: return singles()
    case .f64: return loaded(UInt64.self).map { Float(Double(bitPattern: $0)) }
    case .bf16: return loaded(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .f16: return loaded(UInt16.self).map(halfToFloat)
    default: throw unfit("F32, F64, F16 or BF16")
    }
  }

  /// The values as 64-bit floats, row-major; exact for all four float types.
  ///
  /// - Throws: ``InputError`` for a type that does not hold real numbers.
  public func doubles() throws -> [Double] {
    guard type == .f64 else { return try floats().map(Double.init) }
    return loaded(UInt64.self).map(Double.init(bitPattern:))
  }

  /// The values as integers, row-major; BOOL gives 0 and 1 as they lie in the file.
  ///
  /// - Throws: ``InputError`` for a type that does not hold integers, or a value above 2⁶³ − 1.
  public func integers() throws -> [Int64] {
    switch type {
    case .i64: return loaded(Int64.self)
    case .i32: return loaded(Int32.self).map(Int64.init)
    case .i16: return loaded(Int16.self).map(Int64.init)
    case .i8: return loaded(Int8.self).map(Int64.init)
    case .u8, .bool: return loaded(UInt8.self).map(Int64.init)
    case .u16: return loaded(UInt16.self).map(Int64.init)
    case .u32: return loaded(UInt32.self).map(Int64.init)
    case .u64:
      return try loaded(UInt64.self).map { value in
        guard let fitting = Int64(exactly: value) else {
          throw InputError(
            "tensor \(inQuotes(name))", "holds \(value), above 2⁶³ − 1", remedy: "smaller integers are needed")
        }
        return fitting
      }
    default: throw unfit("an integer type")
    }
  }

  /// A copy in one go, since this program runs where the lowest byte comes first.
  private func singles() -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { target, filled in
      filled = bytes.copyBytes(to: target) / MemoryLayout<Float>.size
    }
  }

  private func unfit(_ needed: String) -> InputError {
    InputError("tensor \(inQuotes(name))", "its type is \(type.rawValue)", remedy: "\(needed) is needed")
  }

  private func loaded<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> [T] {
    bytes.withUnsafeBytes { raw in
      (0..<count).map { T(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: type)) }
    }
  }
}

private func stored(_ values: [some FixedWidthInteger]) -> Data {
  values.map(\.littleEndian).withUnsafeBytes { Data($0) }
}

/// IEEE half precision; Swift's own `Float16` is not there on every architecture.
func halfToFloat(_ bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0: return Float(sign: sign == 0 ? .plus : .minus, exponent: -24, significand: Float(fraction))
  case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
