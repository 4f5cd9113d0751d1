import COpenBLAS
import Support

/// A small matrix in double precision, rows first in memory: what decompositions are computed and differentiated in.
struct DoubleMatrix: Sendable {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, _ values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The matrix of a place in a batch [batch, rows, columns].
  init(_ batch: UnsafePointer<Float>, _ place: Int, rows: Int, columns: Int) {
    let start = batch + place * rows * columns
    let count = rows * columns
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count { buffer.initializeElement(at: index, to: Double(start[index])) }
      initialized = count
    }
    self.init(rows: rows, columns: columns, values)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var isFinite: Bool { values.allSatisfy(\.isFinite) }

  var transposed: DoubleMatrix {
    let (rows, columns) = (rows, columns)
    let turned = values.withUnsafeBufferPointer { source in
      [Double](unsafeUninitializedCapacity: source.count) { buffer, initialized in
        for column in 0..<columns {
          for row in 0..<rows { buffer.initializeElement(at: column * rows + row, to: source[row * columns + column]) }
        }
        initialized = source.count
      }
    }
    return DoubleMatrix(rows: columns, columns: rows, turned)
  }

  /// AᵀA, [columns, columns].
  var gram: DoubleMatrix {
    var result = DoubleMatrix(rows: columns, columns: columns, Array(repeating: 0, count: columns * columns))
    guard !values.isEmpty else { return result }
    let (n, k) = (Int32(columns), Int32(rows))
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, n, k, 1, values, n, values, n, 0, &result.values, n)
    return result
  }

  /// The last column first.
  var withColumnsReversed: DoubleMatrix {
    DoubleMatrix(
      rows: rows, columns: columns,
      (0..<rows).flatMap { values[$0 * columns..<($0 + 1) * columns].reversed() })
  }

  /// The first columns.
  func first(_ count: Int) -> DoubleMatrix {
    if count == columns { return self }
    return DoubleMatrix(
      rows: rows, columns: count, (0..<rows).flatMap { values[$0 * columns..<$0 * columns + count] })
  }

  /// Each column times a number.
  func scaled(columnsBy factors: [Double]) -> DoubleMatrix {
    var result = self
    for row in 0..<rows { for column in 0..<columns { result[row, column] *= factors[column] } }
    return result
  }

  /// Each element times that of the same place.
  func multiplied(_ other: DoubleMatrix) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns, zip(values, other.values).map(*))
  }

  static func + (a: DoubleMatrix, b: DoubleMatrix) -> DoubleMatrix {
    DoubleMatrix(rows: a.rows, columns: a.columns, zip(a.values, b.values).map(+))
  }

  static func - (a: DoubleMatrix, b: DoubleMatrix) -> DoubleMatrix {
    DoubleMatrix(rows: a.rows, columns: a.columns, zip(a.values, b.values).map(-))
  }

  /// The product of two matrices.
  static func * (a: DoubleMatrix, b: DoubleMatrix) -> DoubleMatrix {
    precondition(a.columns == b.rows, "product: [\(a.rows), \(a.columns)] and [\(b.rows), \(b.columns)] do not fit")
    var result = DoubleMatrix(
      rows: a.rows, columns: b.columns, Array(repeating: 0, count: a.rows * b.columns))
    guard !result.values.isEmpty, a.columns > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(a.rows), Int32(b.columns), Int32(a.columns), 1, a.values,
      Int32(a.columns), b.values, Int32(b.columns), 0, &result.values, Int32(b.columns))
    return result
  }

  /// Writes the matrix to its place in a batch.
  func write(to batch: UnsafeMutablePointer<Float>, _ place: Int) {
    let start = batch + place * rows * columns
    for index in 0..<values.count { start[index] = Float(values[index]) }
  }

  /// Turns columns so that the entry of largest magnitude (the first of equal ones) is positive: the signs that a
  /// decomposition leaves open become a function of the matrix.
  ///
  /// - Returns: 1 or −1 for each column.
  mutating func fixSigns() -> [Double] {
    let signs = (0..<columns).map { column in
      var largest = 0.0
      for row in 0..<rows where abs(self[row, column]) > abs(largest) { largest = self[row, column] }
      return largest < 0 ? -1.0 : 1.0
    }
    self = scaled(columnsBy: signs)
    return signs
  }

  /// 1/(bⱼ − aᵢ) of a list with itself, and 0 where two are as good as equal: nearer than 1e-12 of the largest.
  ///
  /// Vectors of equal values are not determined, and their derivatives would be infinite.
  static func inverseGaps(_ values: [Double]) -> DoubleMatrix {
    let least = 1e-12 * values.reduce(0) { max($0, abs($1)) }
    return DoubleMatrix(
      rows: values.count, columns: values.count,
      values.flatMap { first in
        values.map { second in abs(second - first) <= least ? 0 : 1 / (second - first) }
      })
  }
}
