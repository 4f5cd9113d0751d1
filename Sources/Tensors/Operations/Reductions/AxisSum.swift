/// The sum along one axis, accumulated in double precision; the axis stays with extent 1.
///
/// Every sum runs in the same order whatever the number of threads.
func axisSum(_ a: Tensor, axis: Int) -> Tensor {
  let (outer, extent, inner) = a.shape.split(at: axis)
  let result = Tensor(
    uninitialized: Shape(a.shape.dimensions.enumerated().map { $0.offset == axis ? 1 : $0.element }))
  nonisolated(unsafe) let (source, target) = (a.base, result.base)
  if inner == 1 {
    parallelFor(count: outer, grain: max(1, elementGrain / max(1, extent))) { range in
      for o in range { target[o] = Float(rowSum(source + o * extent, extent)) }
    }
    return result
  }
  parallelLines(outer: outer, extent: extent, inner: inner) { o, columns in
    var first = columns.lowerBound
    let end = columns.upperBound
    let (block, out) = (source + o * extent * inner, target + o * inner)
    // Columns wait in registers while the rows go by: 32 where there are so many, else 8.
    while first + 32 <= end {
      sumColumns32(block + first, rows: extent, stride: inner, out + first)
      first += 32
    }
    while first + 8 <= end {
      sumColumns8(block + first, rows: extent, stride: inner, out + first)
      first += 8
    }
    for column in first..<end {
      var total = 0.0
      for row in 0..<extent { total += Double(block[row * inner + column]) }
      out[column] = Float(total)
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

private func rowSum(_ row: UnsafePointer<Float>, _ count: Int) -> Double {
  var sums = (Doubles(), Doubles(), Doubles(), Doubles())
  var place = 0
  while place + 32 <= count {
    sums.0 += doubles(row + place)
    sums.1 += doubles(row + place + 8)
    sums.2 += doubles(row + place + 16)
    sums.3 += doubles(row + place + 24)
    place += 32
  }
  var total = ((sums.0 + sums.1) + (sums.2 + sums.3)).sum()
  while place < count {
    total += Double(row[place])
    place += 1
  }
  return total
}

private func sumColumns8(_ column: UnsafePointer<Float>, rows: Int, stride: Int, _ out: UnsafeMutablePointer<Float>) {
  var total = Doubles()
  for row in 0..<rows { total += doubles(column + row * stride) }
  store(total, out)
}

private func sumColumns32(_ column: UnsafePointer<Float>, rows: Int, stride: Int, _ out: UnsafeMutablePointer<Float>) {
  var totals = (Doubles(), Doubles(), Doubles(), Doubles())
  for row in 0..<rows {
    let values = column + row * stride
    totals.0 += doubles(values)
    totals.1 += doubles(values + 8)
    totals.2 += doubles(values + 16)
    totals.3 += doubles(values + 24)
  }
  store(totals.0, out)
  store(totals.1, out + 8)
  store(totals.2, out + 16)
  store(totals.3, out + 24)
}
