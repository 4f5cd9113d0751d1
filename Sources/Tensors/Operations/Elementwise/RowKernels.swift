// What several operations do with one run of values in memory, which need not begin at a vector's boundary.

/// Neighbours in memory as one vector.
@inline(__always)
func lanes(at values: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(values).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ values: Lanes, _ target: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(target).storeBytes(of: values, as: Lanes.self)
}

/// Σᵢ aᵢ · bᵢ of two runs.
@inline(__always)
func rowProduct(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  // Two sums: one alone would wait for its own last addition.
  var (first, second, rest, place) = (Lanes(), Lanes(), Float(0), 0)
  while place + 2 * Lanes.scalarCount <= count {
    first += lanes(at: a + place) * lanes(at: b + place)
    second += lanes(at: a + place + Lanes.scalarCount) * lanes(at: b + place + Lanes.scalarCount)
    place += 2 * Lanes.scalarCount
  }
  if place + Lanes.scalarCount <= count {
    first += lanes(at: a + place) * lanes(at: b + place)
    place += Lanes.scalarCount
  }
  while place < count {
    rest += a[place] * b[place]
    place += 1
  }
  return (first + second).total + rest
}

/// Adds a run, each value times a number, to another.
@inline(__always)
func addRow(
  _ row: UnsafePointer<Float>, times factor: Float, to sum: UnsafeMutablePointer<Float>, _ count: Int
) {
  var place = 0
  while place + Lanes.scalarCount <= count {
    store(lanes(at: sum + place) + lanes(at: row + place) * factor, sum + place)
    place += Lanes.scalarCount
  }
  while place < count {
    sum[place] += factor * row[place]
    place += 1
  }
}

/// Writes a run, each value times a number, over another.
@inline(__always)
func writeRow(
  _ row: UnsafePointer<Float>, times factor: Float, over target: UnsafeMutablePointer<Float>, _ count: Int
) {
  var place = 0
  while place + Lanes.scalarCount <= count {
    store(lanes(at: row + place) * factor, target + place)
    place += Lanes.scalarCount
  }
  while place < count {
    target[place] = factor * row[place]
    place += 1
  }
}
