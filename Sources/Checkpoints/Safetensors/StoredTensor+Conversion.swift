import Foundation
import Support

extension StoredTensor {
  /// The same values as another type of real numbers, each rounded to the nearest, ties to even; tensors of integers,
  /// complex numbers and bytes stay as they are.
  ///
  /// - Parameter target: F32, F16 or BF16.
  /// - Returns: the tensor itself where it has the type.
  /// - Throws: as ``floats()``.
  public func converted(to target: StoredType) throws -> StoredTensor {
    precondition([.f32, .f16, .bf16].contains(target), "StoredTensor.converted: to \(target)")
    guard [.f64, .f32, .f16, .bf16].contains(type), type != target else { return self }
    let values = try floats()
    switch target {
    case .f16: return narrow(target, values, floatToHalf)
    case .bf16: return narrow(target, values, floatToBrainFloat)
    default: return StoredTensor(name: name, shape: shape, floats: values)
    }
  }

  /// Whether a value that was finite in the tensor that this one was rounded from is infinite here.
  ///
  /// - Throws: as ``floats()``.
  public func hasOverflowed(from wider: StoredTensor) throws -> Bool {
    guard type != wider.type, [.f32, .f16, .bf16].contains(type) else { return false }
    let values = try floats()
    // Most have none, and need not be read twice.
    guard values.contains(where: \.isInfinite) else { return false }
    return try zip(values, wider.doubles()).contains { $0.isInfinite && $1.isFinite }
  }

  private func narrow(_ target: StoredType, _ values: [Float], _ bits: (Float) -> UInt16) -> StoredTensor {
    let words = values.map { bits($0).littleEndian }
    return StoredTensor(name: name, type: target, shape: shape, bytes: words.withUnsafeBytes { Data($0) })
  }
}

/// IEEE half precision; Swift's own `Float16` is not there on every architecture.
private func floatToHalf(_ value: Float) -> UInt16 {
  let sign = UInt16(value.sign == .minus ? 0x8000 : 0)
  guard !value.isNaN else { return sign | 0x7E00 }
  guard value != 0, value.isFinite else { return sign | (value == 0 ? 0 : 0x7C00) }
  // Exact in double precision: ten binary places behind the first, none below 2⁻²⁴.
  let exponent = max(-14, Int(value.exponent))
  let scale = Double(sign: .plus, exponent: 10 - exponent, significand: 1)
  let steps = (Double(abs(value)) * scale).rounded(.toNearestOrEven)
  // A carry goes from the fraction into the exponent by itself.
  let bits = Int(steps) + (exponent + 14) * 1024
  return sign | UInt16(min(bits, 0x7C00))
}

/// The upper half of single precision.
private func floatToBrainFloat(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  guard !value.isNaN else { return UInt16(bits >> 16) | 0x40 }
  return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
}
