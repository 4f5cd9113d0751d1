import Support

/// 16 values at a time: one AVX-512 register, two of AVX2, four of SSE.
typealias Lanes = SIMD16<Float>

// The sums of vectors by halves: the standard library's `sum()` adds one value after the other.
extension SIMD16 where Scalar: FloatingPoint {
  @inline(__always) var total: Scalar { (lowHalf + highHalf).total }
}

extension SIMD8 where Scalar: FloatingPoint {
  @inline(__always) var total: Scalar { (lowHalf + highHalf).total }
}

extension SIMD4 where Scalar: FloatingPoint {
  @inline(__always) var total: Scalar { (self[0] + self[2]) + (self[1] + self[3]) }
}

/// A function of one value, as arithmetic on vectors.
///
/// A type instead of a closure: a closure that goes into a parallel loop is called for every element, a type's method
/// is inlined there.
protocol UnaryKernel: Sendable {
  func callAsFunction(_ x: Lanes) -> Lanes
}

/// A function of two values, as arithmetic on vectors, and on single values for the ends of runs.
protocol BinaryKernel: Sendable {
  func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes
  func callAsFunction(_ x: Float, _ y: Float) -> Float
}

struct Sum: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes { x + y }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x + y }
}

struct Difference: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes { x - y }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x - y }
}

struct Product: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes { x * y }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x * y }
}

struct Quotient: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes { x / y }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x / y }
}

/// x, whatever y.
struct First: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes { x }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x }
}

/// max(x, y); not-a-number wins.
struct Larger: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes {
    x.replacing(with: y, where: (y .> x) .| (y .!= y))
  }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { y > x || y.isNaN ? y : x }
}

/// min(x, y); not-a-number wins.
struct Smaller: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes {
    x.replacing(with: y, where: (y .< x) .| (y .!= y))
  }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { y < x || y.isNaN ? y : x }
}

/// 1 where x > y, ½ where they are equal, else 0.
struct FirstIsLarger: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes {
    Lanes(repeating: 0).replacing(with: 0.5, where: x .== y).replacing(with: 1, where: x .> y)
  }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x == y ? 0.5 : x > y ? 1 : 0 }
}

/// 1 where x < y, ½ where they are equal, else 0.
struct FirstIsSmaller: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes { FirstIsLarger()(y, x) }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { FirstIsLarger()(y, x) }
}

/// 1 where x > y, else 0.
struct Exceeds: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes {
    Lanes(repeating: 0).replacing(with: 1, where: x .> y)
  }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { x > y ? 1 : 0 }
}

/// max(x + y, 0); not-a-number stays.
struct SumAndRelu: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes {
    let sum = x + y
    return sum.replacing(with: 0, where: sum .<= 0)
  }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float {
    let sum = x + y
    return sum <= 0 ? 0 : sum
  }
}

/// max(x, 0); not-a-number stays.
struct Relu: UnaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x.replacing(with: 0, where: x .<= 0) }
}

/// factor · x.
struct Scaling: UnaryKernel {
  let factor: Float
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x * factor }
}

/// x + summand.
struct Offset: UnaryKernel {
  let summand: Float
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x + summand }
}

/// x / divisor.
struct Division: UnaryKernel {
  let divisor: Float
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x / divisor }
}

/// −x.
struct Negation: UnaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { -x }
}

/// √x.
struct Root: UnaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x.squareRoot() }
}

/// |x|.
struct Magnitude: UnaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x.replacing(with: -x, where: x .< 0) }
}

/// x with the sign of y; zero where y is zero.
struct SignedBy: BinaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes, _ y: Lanes) -> Lanes {
    x.replacing(with: -x, where: y .< 0).replacing(with: 0, where: y .== 0)
  }
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float { y == 0 ? 0 : y < 0 ? -x : x }
}

/// x².
struct Squaring: UnaryKernel {
  @inline(__always) func callAsFunction(_ x: Lanes) -> Lanes { x * x }
}

/// The gradient through a ReLU, from gradient and output: zero where the output is not positive.
struct ReluMask: BinaryKernel {
  @inline(__always) func callAsFunction(_ gradient: Lanes, _ output: Lanes) -> Lanes {
    gradient.replacing(with: 0, where: output .<= 0)
  }
  @inline(__always) func callAsFunction(_ gradient: Float, _ output: Float) -> Float { output <= 0 ? 0 : gradient }
}

/// Writes `kernel(x)` of every element.
///
/// Storage is 64-byte aligned and padded to whole vectors, so the last vector may run past the end.
@inline(__always)
func mapVectors(_ a: Tensor, _ kernel: some UnaryKernel) -> Tensor {
  let result = Tensor(uninitialized: a.shape)
  nonisolated(unsafe) let source = a.raw
  nonisolated(unsafe) let target = result.raw
  parallelFor(count: (a.count + 15) / 16, grain: elementGrain / 16) { range in
    for offset in stride(from: 64 * range.lowerBound, to: 64 * range.upperBound, by: 64) {
      target.storeBytes(
        of: kernel(source.load(fromByteOffset: offset, as: Lanes.self)), toByteOffset: offset, as: Lanes.self)
    }
  }
  return result
}

/// Writes `kernel(x, y)` of every pair of two tensors of one shape.
@inline(__always)
func zipVectors(_ a: Tensor, _ b: Tensor, _ kernel: some BinaryKernel) -> Tensor {
  precondition(a.shape == b.shape, "zipVectors: shapes \(a.shape) and \(b.shape) differ")
  let result = Tensor(uninitialized: a.shape)
  zipVectors(a.raw, b.raw, into: result.raw, count: a.count, kernel)
  return result
}

/// Writes `kernel(x, y)` of every pair of two buffers; the target may be one of them.
@inline(__always)
func zipVectors(
  _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into target: UnsafeMutableRawPointer, count: Int,
  _ kernel: some BinaryKernel
) {
  nonisolated(unsafe) let (first, second, target) = (a, b, target)
  parallelFor(count: (count + 15) / 16, grain: elementGrain / 16) { range in
    for offset in stride(from: 64 * range.lowerBound, to: 64 * range.upperBound, by: 64) {
      let value = kernel(
        first.load(fromByteOffset: offset, as: Lanes.self), second.load(fromByteOffset: offset, as: Lanes.self))
      target.storeBytes(of: value, toByteOffset: offset, as: Lanes.self)
    }
  }
}
