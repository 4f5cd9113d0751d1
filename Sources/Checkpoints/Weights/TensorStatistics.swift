import Foundation
import Tensors

/// What can be said of the values of a tensor in one pass over them.
public struct TensorStatistics: Sendable, Equatable {
  /// Mean of the finite values; 0 without any.
  public private(set) var mean = 0.0
  /// Largest absolute finite value.
  public private(set) var largest = 0.0
  /// How many values are exactly 0.
  public private(set) var zeros = 0
  /// How many are no numbers.
  public private(set) var notNumbers = 0
  /// How many are infinite.
  public private(set) var infinite = 0
  /// How many outputs have no weight but 0: rows of the first axis, in tensors of two axes and more.
  public private(set) var dead = 0
  private var finite = 0
  private var squares = 0.0

  /// Standard deviation of the finite values.
  public var deviation: Double { finite > 0 ? (squares / Double(finite)).squareRoot() : 0 }

  /// Nil for a type of which no numbers are read: complex ones, and floats of 8 bits and less.
  public init?(_ tensor: StoredTensor) {
    let parts: [TensorStatistics]
    switch tensor.type {
    case .f32: parts = Self.parts(tensor) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
    case .f64: parts = Self.parts(tensor) { (bits: UInt64) in Double(bitPattern: bits) }
    case .bf16: parts = Self.parts(tensor) { (bits: UInt16) in Double(Float(bitPattern: UInt32(bits) << 16)) }
    case .f16: parts = Self.parts(tensor) { (bits: UInt16) in Double(halfToFloat(bits)) }
    case .i64: parts = Self.parts(tensor) { (bits: Int64) in Double(bits) }
    case .i32: parts = Self.parts(tensor) { (bits: Int32) in Double(bits) }
    case .i16: parts = Self.parts(tensor) { (bits: Int16) in Double(bits) }
    case .i8: parts = Self.parts(tensor) { (bits: Int8) in Double(bits) }
    case .u64: parts = Self.parts(tensor) { (bits: UInt64) in Double(bits) }
    case .u32: parts = Self.parts(tensor) { (bits: UInt32) in Double(bits) }
    case .u16: parts = Self.parts(tensor) { (bits: UInt16) in Double(bits) }
    case .u8, .bool: parts = Self.parts(tensor) { (bits: UInt8) in Double(bits) }
    default: return nil
    }
    self = parts.reduce(TensorStatistics()) { $0.joined(with: $1) }
    if zeros > 0 { dead = Self.deadRows(tensor) }
  }

  private init() {}

  /// Values that are taken together: as many as stay in the nearest memory.
  private static let block = 4096

  /// The statistics of each part of a tensor; the parts do not depend on the number of threads.
  private static func parts<T: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(
    _ tensor: StoredTensor, _ value: @escaping @Sendable (T) -> Double
  ) -> [TensorStatistics] {
    let count = tensor.count
    let blocks = (count + block - 1) / block
    var parts = [TensorStatistics](repeating: TensorStatistics(), count: blocks)
    tensor.bytes.withUnsafeBytes { raw in
      parts.withUnsafeMutableBufferPointer { target in
        nonisolated(unsafe) let (raw, target) = (raw, target)
        parallelFor(count: blocks, grain: 4) { range in
          for place in range {
            let start = place * block
            target[place] = TensorStatistics(raw, start..<min(count, start + block), value)
          }
        }
      }
    }
    return parts
  }

  /// Statistics of a few values, in two passes: the mean first, so that the deviation is exact.
  private init<T: FixedWidthInteger & BitwiseCopyable>(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>, _ value: (T) -> Double
  ) {
    let size = MemoryLayout<T>.size
    func number(_ place: Int) -> Double {
      value(T(littleEndian: raw.loadUnaligned(fromByteOffset: place * size, as: T.self)))
    }
    // Four sums side by side do not wait for each other.
    var sums = (0.0, 0.0, 0.0, 0.0)
    var place = range.lowerBound
    while place + 4 <= range.upperBound {
      let (a, b, c, d) = (number(place), number(place + 1), number(place + 2), number(place + 3))
      sums = (sums.0 + a, sums.1 + b, sums.2 + c, sums.3 + d)
      largest = max(largest, max(max(abs(a), abs(b)), max(abs(c), abs(d))))
      zeros += (a == 0 ? 1 : 0) + (b == 0 ? 1 : 0) + (c == 0 ? 1 : 0) + (d == 0 ? 1 : 0)
      place += 4
    }
    while place < range.upperBound {
      let a = number(place)
      sums.0 += a
      largest = max(largest, abs(a))
      zeros += a == 0 ? 1 : 0
      place += 1
    }
    let check = sums.0 + sums.1 + sums.2 + sums.3
    finite = range.count
    guard check.isFinite else {
      countOneByOne(range, number)
      return
    }
    mean = check / Double(max(1, finite))
    var squares = (0.0, 0.0, 0.0, 0.0)
    place = range.lowerBound
    while place + 4 <= range.upperBound {
      let (a, b) = (number(place) - mean, number(place + 1) - mean)
      let (c, d) = (number(place + 2) - mean, number(place + 3) - mean)
      squares = (squares.0 + a * a, squares.1 + b * b, squares.2 + c * c, squares.3 + d * d)
      place += 4
    }
    while place < range.upperBound {
      let a = number(place) - mean
      squares.0 += a * a
      place += 1
    }
    self.squares = squares.0 + squares.1 + squares.2 + squares.3
  }

  /// Where some values are not finite, or their sum is not.
  private mutating func countOneByOne(_ range: Range<Int>, _ number: (Int) -> Double) {
    (finite, largest, zeros, mean) = (0, 0, 0, 0)
    for place in range {
      let value = number(place)
      if value.isNaN {
        notNumbers += 1
      } else if value.isInfinite {
        infinite += 1
      } else {
        finite += 1
        let step = value - mean
        mean += step / Double(finite)
        squares += step * (value - mean)
        largest = max(largest, abs(value))
        if value == 0 { zeros += 1 }
      }
    }
  }

  /// Two parts as one (Chan, Golub, LeVeque, 1979).
  private func joined(with other: TensorStatistics) -> TensorStatistics {
    var both = self
    both.finite += other.finite
    both.largest = max(largest, other.largest)
    both.zeros += other.zeros
    both.notNumbers += other.notNumbers
    both.infinite += other.infinite
    guard both.finite > 0 else { return both }
    let step = other.mean - mean
    both.mean += step * Double(other.finite) / Double(both.finite)
    both.squares +=
      other.squares + step * step * Double(finite) * Double(other.finite) / Double(both.finite)
    return both
  }

  /// Rows whose bytes are those of zeros, of either sign.
  private static func deadRows(_ tensor: StoredTensor) -> Int {
    guard tensor.shape.count > 1, let rows = tensor.shape.first, rows > 0, tensor.count > 0 else { return 0 }
    let (row, width) = (tensor.bytes.count / rows, tensor.type.bits / 8)
    let hasSign = [.f64, .f32, .f16, .bf16].contains(tensor.type)
    return tensor.bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> Int in
      (0..<rows).count { index in
        (index * row..<(index + 1) * row).allSatisfy { place in
          raw[place] == 0 || hasSign && raw[place] == 0x80 && place % width == width - 1
        }
      }
    }
  }
}
