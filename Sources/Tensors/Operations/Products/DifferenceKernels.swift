// Differences of one run of values to several that lie at equal steps: four at a time, so that what is read or summed of
// the one is read once for four.

/// Adds Σₖ (xₖ − yⱼₖ)² to the j-th value, for the given j. A pair's sum does not depend on its neighbours.
func addSquaredDistances(
  _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, apart step: Int, _ count: Int, columns: Range<Int>,
  to sums: UnsafeMutablePointer<Float>
) {
  let whole = count / Lanes.scalarCount * Lanes.scalarCount
  var column = columns.lowerBound
  while column + 4 <= columns.upperBound {
    let (a, b, c, d) = (y + column * step, y + (column + 1) * step, y + (column + 2) * step, y + (column + 3) * step)
    var (first, second, third, fourth) = (Lanes(), Lanes(), Lanes(), Lanes())
    for place in stride(from: 0, to: whole, by: Lanes.scalarCount) {
      let own = lanes(at: x + place)
      first += square(own - lanes(at: a + place))
      second += square(own - lanes(at: b + place))
      third += square(own - lanes(at: c + place))
      fourth += square(own - lanes(at: d + place))
    }
    sums[column] += first.total + rest(x, a, whole..<count)
    sums[column + 1] += second.total + rest(x, b, whole..<count)
    sums[column + 2] += third.total + rest(x, c, whole..<count)
    sums[column + 3] += fourth.total + rest(x, d, whole..<count)
    column += 4
  }
  while column < columns.upperBound {
    let other = y + column * step
    var sum = Lanes()
    for place in stride(from: 0, to: whole, by: Lanes.scalarCount) {
      sum += square(lanes(at: x + place) - lanes(at: other + place))
    }
    sums[column] += sum.total + rest(x, other, whole..<count)
    column += 1
  }
}

@inline(__always)
private func square(_ values: Lanes) -> Lanes { values * values }

@inline(__always)
private func rest(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ places: Range<Int>) -> Float {
  var sum: Float = 0
  for place in places { sum += (x[place] - y[place]) * (x[place] - y[place]) }
  return sum
}

/// Adds Σⱼ 2 fⱼ (xₖ − yⱼₖ) to the k-th value.
func addDifferences(
  _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, apart step: Int, _ count: Int,
  factors: UnsafeBufferPointer<Float>, to sums: UnsafeMutablePointer<Float>
) {
  let whole = count / Lanes.scalarCount * Lanes.scalarCount
  var column = 0
  while column + 4 <= factors.count {
    let (a, b, c, d) = (y + column * step, y + (column + 1) * step, y + (column + 2) * step, y + (column + 3) * step)
    let (f, g, h, i) = (
      2 * factors[column], 2 * factors[column + 1], 2 * factors[column + 2], 2 * factors[column + 3]
    )
    for place in stride(from: 0, to: whole, by: Lanes.scalarCount) {
      let own = lanes(at: x + place)
      let first = (own - lanes(at: a + place)) * f + (own - lanes(at: b + place)) * g
      let second = (own - lanes(at: c + place)) * h + (own - lanes(at: d + place)) * i
      store(lanes(at: sums + place) + (first + second), sums + place)
    }
    for place in whole..<count {
      let first = (x[place] - a[place]) * f + (x[place] - b[place]) * g
      let second = (x[place] - c[place]) * h + (x[place] - d[place]) * i
      sums[place] += first + second
    }
    column += 4
  }
  while column < factors.count {
    let (other, factor) = (y + column * step, 2 * factors[column])
    for place in stride(from: 0, to: whole, by: Lanes.scalarCount) {
      store(lanes(at: sums + place) + (lanes(at: x + place) - lanes(at: other + place)) * factor, sums + place)
    }
    for place in whole..<count { sums[place] += (x[place] - other[place]) * factor }
    column += 1
  }
}
