import Support

/// What a sum takes of each value.
protocol SummedTerm: Sendable {
  func callAsFunction(_ x: SIMD8<Double>) -> SIMD8<Double>
  func callAsFunction(_ x: Double) -> Double
  /// What becomes of the sum before it is rounded.
  func finish(_ sum: SIMD8<Double>) -> SIMD8<Double>
  func finish(_ sum: Double) -> Double
}

extension SummedTerm {
  @inline(__always) func finish(_ sum: SIMD8<Double>) -> SIMD8<Double> { sum }
  @inline(__always) func finish(_ sum: Double) -> Double { sum }
}

/// The value.
struct Itself: SummedTerm {
  @inline(__always) func callAsFunction(_ x: SIMD8<Double>) -> SIMD8<Double> { x }
  @inline(__always) func callAsFunction(_ x: Double) -> Double { x }
}

/// Its square.
struct Square: SummedTerm {
  @inline(__always) func callAsFunction(_ x: SIMD8<Double>) -> SIMD8<Double> { x * x }
  @inline(__always) func callAsFunction(_ x: Double) -> Double { x * x }
}

/// Its square, and the root of the sum: squares that single precision does not hold are never stored.
struct Length: SummedTerm {
  @inline(__always) func callAsFunction(_ x: SIMD8<Double>) -> SIMD8<Double> { x * x }
  @inline(__always) func callAsFunction(_ x: Double) -> Double { x * x }
  @inline(__always) func finish(_ sum: SIMD8<Double>) -> SIMD8<Double> { sum.squareRoot() }
  @inline(__always) func finish(_ sum: Double) -> Double { sum.squareRoot() }
}

/// The sum along one axis of each value or its square, accumulated in double precision; the axis stays with extent 1.
///
/// Every sum runs in the same order whatever the number of threads.
func axisSum(_ a: Tensor, axis: Int, of term: some SummedTerm = Itself()) -> Tensor {
  let (outer, extent, inner) = a.shape.split(at: axis)
  let result = Tensor(
    uninitialized: Shape(a.shape.dimensions.enumerated().map { $0.offset == axis ? 1 : $0.element }))
  nonisolated(unsafe) let (source, target) = (a.base, result.base)
  if inner == 1 {
    if outer == 1, extent > 2 * elementGrain {
      target[0] = Float(term.finish(longSum(source, extent, term)))
      return result
    }
    parallelFor(count: outer, grain: max(1, elementGrain / max(1, extent))) { range in
      for o in range { target[o] = Float(term.finish(rowSum(source + o * extent, extent, term))) }
    }
    return result
  }
  parallelLines(outer: outer, extent: extent, inner: inner) { o, columns in
    var first = columns.lowerBound
    let end = columns.upperBound
    let (block, out) = (source + o * extent * inner, target + o * inner)
    // Columns wait in registers while the rows go by: 32 where there are so many, else 8.
    while first + 32 <= end {
      sumColumns32(block + first, rows: extent, stride: inner, out + first, term)
      first += 32
    }
    while first + 8 <= end {
      sumColumns8(block + first, rows: extent, stride: inner, out + first, term)
      first += 8
    }
    for column in first..<end {
      var total = 0.0
      for row in 0..<extent { total += term(Double(block[row * inner + column])) }
      out[column] = Float(term.finish(total))
    }
  }
  return result
}

private typealias Doubles = SIMD8<Double>

@inline(__always)
private func doubles(_ values: UnsafePointer<Float>) -> Doubles {
  Doubles(UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Float>.self))
}

@inline(__always)
private func store(_ totals: Doubles, _ out: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(out).storeBytes(of: SIMD8<Float>(totals), as: SIMD8<Float>.self)
}

/// One row, on all threads: pieces of a fixed length, so that their number does not depend on the threads.
private func longSum(_ row: UnsafePointer<Float>, _ count: Int, _ term: some SummedTerm) -> Double {
  nonisolated(unsafe) let row = row
  let pieces = (count + elementGrain - 1) / elementGrain
  let sums = [Double](unsafeUninitializedCapacity: pieces) { buffer, initialized in
    nonisolated(unsafe) let target = buffer
    parallelFor(count: pieces) { range in
      for piece in range {
        let start = piece * elementGrain
        target.initializeElement(at: piece, to: rowSum(row + start, min(elementGrain, count - start), term))
      }
    }
    initialized = pieces
  }
  return sums.reduce(0, +)
}

@inline(__always)
private func rowSum(_ row: UnsafePointer<Float>, _ count: Int, _ term: some SummedTerm) -> Double {
  var sums = (Doubles(), Doubles(), Doubles(), Doubles())
  var place = 0
  while place + 32 <= count {
    sums.0 += term(doubles(row + place))
    sums.1 += term(doubles(row + place + 8))
    sums.2 += term(doubles(row + place + 16))
    sums.3 += term(doubles(row + place + 24))
    place += 32
  }
  while place + 8 <= count {
    sums.0 += term(doubles(row + place))
    place += 8
  }
  var total = ((sums.0 + sums.1) + (sums.2 + sums.3)).total
  while place < count {
    total += term(Double(row[place]))
    place += 1
  }
  return total
}

@inline(__always)
private func sumColumns8(
  _ column: UnsafePointer<Float>, rows: Int, stride: Int, _ out: UnsafeMutablePointer<Float>, _ term: some SummedTerm
) {
  var total = Doubles()
  for row in 0..<rows { total += term(doubles(column + row * stride)) }
  store(term.finish(total), out)
}

@inline(__always)
private func sumColumns32(
  _ column: UnsafePointer<Float>, rows: Int, stride: Int, _ out: UnsafeMutablePointer<Float>, _ term: some SummedTerm
) {
  var totals = (Doubles(), Doubles(), Doubles(), Doubles())
  for row in 0..<rows {
    let values = column + row * stride
    totals.0 += term(doubles(values))
    totals.1 += term(doubles(values + 8))
    totals.2 += term(doubles(values + 16))
    totals.3 += term(doubles(values + 24))
  }
  store(term.finish(totals.0), out)
  store(term.finish(totals.1), out + 8)
  store(term.finish(totals.2), out + 16)
  store(term.finish(totals.3), out + 24)
}
