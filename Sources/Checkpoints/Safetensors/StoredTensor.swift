import Foundation
import Support

/// The element types of the safetensors format.
public enum StoredType: String, Sendable, CaseIterable {
  // In the reference's order, which decides the order of tensors in a written file.
  case bool = "BOOL"
  case f4 = "F4"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  /// Bits of one element.
  public var bits: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }
}

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
      bytes.count * 8 == shape.reduce(type.bits, *), "stored tensor \(name): \(bytes.count) bytes for \(type) \(shape)")
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of 32-bit floats.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, type: .f32, shape: shape, bytes: floats.withUnsafeBytes { Data($0) })
  }

  /// A tensor of 64-bit integers.
  public init(name: String, shape: [Int], integers: [Int64]) {
    self.init(name: name, type: .i64, shape: shape, bytes: integers.withUnsafeBytes { Data($0) })
  }

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The values as 32-bit floats.
  ///
  /// - Throws: ``InputError`` for a type that does not hold real numbers.
  public func floats() throws -> [Float] {
    switch type {
    case .f32: loaded(UInt32.self).map { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .f64: loaded(UInt64.self).map { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
    case .bf16: loaded(UInt16.self).map { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
    case .f16: loaded(UInt16.self).map { halfToFloat(UInt16(littleEndian: $0)) }
    default: throw InputError("tensor '\(name)'", "its type is \(type.rawValue)", remedy: "F32, F64, F16 or BF16 is needed")
    }
  }

  /// The values as 64-bit floats; exact for F64 and F32.
  ///
  /// - Throws: ``InputError`` for a type that does not hold real numbers.
  public func doubles() throws -> [Double] {
    guard type == .f64 else { return try floats().map(Double.init) }
    return loaded(UInt64.self).map { Double(bitPattern: UInt64(littleEndian: $0)) }
  }

  /// The values as integers.
  ///
  /// - Throws: ``InputError`` for a type that does not hold integers, or a value above 2⁶³ − 1.
  public func integers() throws -> [Int64] {
    switch type {
    case .i64: return loaded(Int64.self).map { Int64(littleEndian: $0) }
    case .i32: return loaded(Int32.self).map { Int64(Int32(littleEndian: $0)) }
    case .i16: return loaded(Int16.self).map { Int64(Int16(littleEndian: $0)) }
    case .i8: return loaded(Int8.self).map(Int64.init)
    case .u8, .bool: return loaded(UInt8.self).map(Int64.init)
    case .u16: return loaded(UInt16.self).map { Int64(UInt16(littleEndian: $0)) }
    case .u32: return loaded(UInt32.self).map { Int64(UInt32(littleEndian: $0)) }
    default: throw InputError("tensor '\(name)'", "its type is \(type.rawValue)", remedy: "an integer type is needed")
    }
  }

  private func loaded<T: BitwiseCopyable>(_ type: T.Type) -> [T] {
    bytes.withUnsafeBytes { raw in
      (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: type) }
    }
  }
}

/// IEEE half precision; Swift's own `Float16` is not there on every architecture.
private func halfToFloat(_ bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = Int(bits >> 10) & 0x1F
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0: return Float(sign: sign == 0 ? .plus : .minus, exponent: -24, significand: Float(fraction))
  case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | UInt32(exponent + 112) << 23 | fraction << 13)
  }
}
