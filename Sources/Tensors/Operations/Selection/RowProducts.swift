import CProcessor
import Support

/// The products of each query with rows of a table: result[b, k] = ⟨query_b, table[rows[b · K + k]]⟩.
///
/// The rows are read where they lie, forward and back: a gathered copy of [batch, K, width] is never made. There is no
/// second derivative.
///
/// - Parameters:
///   - queries: [batch, width].
///   - table: [entries, width], a constant.
///   - rows: K places in the table for each query, one query after the other.
/// - Returns: [batch, K].
public func rowProducts(_ queries: Tensor, _ table: Tensor, _ rows: [Int]) -> Tensor {
  precondition(
    queries.shape.rank == 2 && table.shape.rank == 2 && queries.shape[1] == table.shape[1] && queries.shape[0] > 0
      && rows.count % queries.shape[0] == 0,
    "rowProducts: queries \(queries.shape), table \(table.shape), \(rows.count) rows")
  checkIndices(rows, below: table.shape[0], "rowProducts")
  let (batch, width) = (queries.shape[0], queries.shape[1])
  let count = rows.count / batch
  let table = table.detached()
  let output = Tensor(uninitialized: [batch, count])
  nonisolated(unsafe) let (vectors, entries, target) = (queries.base, table.base, output.base)
  rows.withUnsafeBufferPointer { rows in
    nonisolated(unsafe) let rows = rows
    parallelFor(count: batch, grain: max(1, elementGrain / max(1, width * count))) { range in
      for b in range {
        for place in b * count..<(b + 1) * count {
          fetch(entries, rows, place + ahead, width)
          target[place] = product(vectors + b * width, entries + rows[place] * width, width)
        }
      }
    }
  }
  return output.recorded("rowProducts", [queries]) { gradient in [rowSums(gradient, table, rows)] }
}

/// Σ_k weights[b, k] · table[rows[b · K + k]], [batch, width]; each sum is one thread's alone.
private func rowSums(_ weights: Tensor, _ table: Tensor, _ rows: [Int]) -> Tensor {
  let (batch, count, width) = (weights.shape[0], weights.shape[1], table.shape[1])
  let output = Tensor.zeros([batch, width])
  nonisolated(unsafe) let (factors, entries, target) = (weights.base, table.base, output.base)
  rows.withUnsafeBufferPointer { rows in
    nonisolated(unsafe) let rows = rows
    parallelFor(count: batch) { range in
      for b in range {
        for place in b * count..<(b + 1) * count {
          fetch(entries, rows, place + ahead, width)
          add(entries + rows[place] * width, times: factors[place], to: target + b * width, width)
        }
      }
    }
  }
  return output
}

/// Rows that are on their way from memory while one is worked on.
private let ahead = 8

/// Asks for a row that will be read soon: the processor cannot guess it.
@inline(__always)
private func fetch(
  _ entries: UnsafePointer<Float>, _ rows: UnsafeBufferPointer<Int>, _ place: Int, _ width: Int
) {
  guard place < rows.count else { return }
  let row = entries + rows[place] * width
  for line in stride(from: 0, to: width, by: 16) { processor_prefetch(row + line) }
}

@inline(__always)
private func product(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ width: Int) -> Float {
  var (first, second, rest, c) = (Lanes(), Lanes(), Float(0), 0)
  while c + 32 <= width {
    first += lanes(a + c) * lanes(b + c)
    second += lanes(a + c + 16) * lanes(b + c + 16)
    c += 32
  }
  while c < width {
    rest += a[c] * b[c]
    c += 1
  }
  return (first + second).total + rest
}

@inline(__always)
private func add(_ row: UnsafePointer<Float>, times factor: Float, to sum: UnsafeMutablePointer<Float>, _ width: Int) {
  var c = 0
  while c + 16 <= width {
    UnsafeMutableRawPointer(sum + c).storeBytes(of: lanes(sum + c) + lanes(row + c) * factor, as: Lanes.self)
    c += 16
  }
  while c < width {
    sum[c] += factor * row[c]
    c += 1
  }
}

@inline(__always)
private func lanes(_ pointer: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}
