import CProcessor
import Support

/// Σ_b Σ_k f(⟨query_b, table[rows[b · K + k]]⟩): a loss over rows that are drawn from a large table.
///
/// Where K is a good part of the table, the products are taken from those of all rows, two matrix products with the way
/// back. Otherwise the rows are read where they lie, once for value and gradient: a row joins the gradient while it is
/// still in the processor's cache. There is no second derivative.
///
/// - Parameters:
///   - queries: [batch, width].
///   - table: [entries, width], a constant.
///   - rows: K places in the table for each query, one query after the other.
///   - function: is given some of a query's products and the first one's k; gives their Σ f, and leaves f′ of each in
///     its place. It is called on all threads.
/// - Returns: a scalar.
public func rowObjective(
  _ queries: Tensor, _ table: Tensor, _ rows: [Int],
  _ function: @Sendable (_ products: UnsafeMutableBufferPointer<Float>, _ first: Int) -> Double
) -> Tensor {
  precondition(
    queries.shape.rank == 2 && table.shape.rank == 2 && queries.shape[1] == table.shape[1] && queries.shape[0] > 0
      && rows.count % queries.shape[0] == 0,
    "rowObjective: queries \(queries.shape), table \(table.shape), \(rows.count) rows")
  checkIndices(rows, below: table.shape[0], "rowObjective")
  let slopes = isRecording && queries.requiresGradient
  // A product in a matrix product costs about a tenth of one whose row comes from anywhere in memory.
  let isDense = rows.count * 8 >= queries.shape[0] * table.shape[0]
  let (value, slope) = withoutRecording {
    rows.withUnsafeBufferPointer { rows in
      isDense
        ? denseObjective(queries, table, rows, function, slopes)
        : gatheredObjective(queries, table, rows, function, slopes)
    }
  }
  return Tensor(Float(value)).recorded("rowObjective", [queries]) { upstream in [slope.map { $0 * upstream }] }
}

private typealias RowFunction = @Sendable (UnsafeMutableBufferPointer<Float>, Int) -> Double

/// The products of all rows, of which those that are drawn count.
private func denseObjective(
  _ queries: Tensor, _ table: Tensor, _ rows: UnsafeBufferPointer<Int>, _ function: RowFunction, _ slopes: Bool
) -> (value: Double, slope: Tensor?) {
  let (batch, entries) = (queries.shape[0], table.shape[0])
  let count = rows.count / batch
  let products = matrixProduct(queries, table, transposesSecond: true)
  let slope = slopes ? Tensor.zeros(products.shape) : nil
  nonisolated(unsafe) let (source, target, rows) = (products.base, slope?.base, rows)
  let value = sum(over: batch, grain: max(1, elementGrain / max(1, count))) { b in
    let (own, scores, slopes) = (
      rows[b * count..<(b + 1) * count], source + b * entries, target.map { $0 + b * entries }
    )
    return sumOfBlocks(
      count, function, product: { scores[own[own.startIndex + $0]] }, slope: { slopes?[own[own.startIndex + $0]] += $1 }
    )
  }
  return (value, slope.map { matrixProduct($0, table) })
}

/// The products of the rows that are drawn, one after the other.
private func gatheredObjective(
  _ queries: Tensor, _ table: Tensor, _ rows: UnsafeBufferPointer<Int>, _ function: RowFunction, _ slopes: Bool
) -> (value: Double, slope: Tensor?) {
  let (batch, width) = (queries.shape[0], queries.shape[1])
  let count = rows.count / batch
  let slope = slopes ? Tensor.zeros(queries.shape) : nil
  nonisolated(unsafe) let (vectors, entries, target, rows) = (queries.base, table.base, slope?.base, rows)
  let value = sum(over: batch, grain: max(1, elementGrain / max(1, width * count))) { b in
    let (query, slope) = (vectors + b * width, target.map { $0 + b * width })
    func row(_ place: Int) -> UnsafePointer<Float> { UnsafePointer(entries + rows[b * count + place] * width) }
    return sumOfBlocks(
      count, function,
      product: { place in
        // The processor cannot guess which row comes next.
        if place + ahead < count { fetch(row(place + ahead), width) }
        return rowProduct(query, row(place), width)
      },
      slope: { place, factor in slope.map { addRow(row(place), times: factor, to: $0, width) } })
  }
  return (value, slope)
}

/// Rows that are on their way from memory while one is worked on.
private let ahead = 8

private func fetch(_ row: UnsafePointer<Float>, _ width: Int) {
  for line in stride(from: 0, to: width, by: 16) { processor_prefetch(row + line) }
}

/// The sum over the queries, each worked on by one thread.
private func sum(over batch: Int, grain: Int, _ part: @Sendable (Int) -> Double) -> Double {
  let parts = [Double](unsafeUninitializedCapacity: batch) { buffer, initialized in
    nonisolated(unsafe) let target = buffer
    parallelFor(count: batch, grain: grain) { range in
      for b in range { target.initializeElement(at: b, to: part(b)) }
    }
    initialized = batch
  }
  return parts.reduce(0, +)
}

/// One query's sum, by blocks whose rows fit a core's second cache.
@inline(__always)
private func sumOfBlocks(
  _ count: Int, _ function: RowFunction, product: (Int) -> Float, slope: (Int, Float) -> Void
) -> Double {
  let block = 256
  return withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { buffer in
    var sum = 0.0
    for start in stride(from: 0, to: count, by: block) {
      let products = UnsafeMutableBufferPointer(rebasing: buffer[0..<min(block, count - start)])
      for place in products.indices { products.initializeElement(at: place, to: product(start + place)) }
      sum += function(products, start)
      for place in products.indices { slope(start + place, products[place]) }
    }
    return sum
  }
}
