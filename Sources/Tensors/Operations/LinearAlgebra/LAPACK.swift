import COpenBLAS

/// LAPACK's decompositions of one matrix. Each is run by one thread where several matrices are decomposed at once.
enum LAPACK {
  /// The thin singular value decomposition A = U diag(s) Vᵀ, values descending.
  ///
  /// - Parameter matrix: [rows, columns].
  /// - Returns: U [rows, k], s [k], V [columns, k] with k the smaller extent; not-a-number throughout if the matrix is
  ///   not finite or the iteration does not converge.
  static func singularValues(of matrix: DoubleMatrix) -> (left: DoubleMatrix, values: [Double], right: DoubleMatrix) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let smaller = min(rows, columns)
    func broken() -> (left: DoubleMatrix, values: [Double], right: DoubleMatrix) {
      func filled(_ rows: Int) -> DoubleMatrix {
        DoubleMatrix(rows: rows, columns: smaller, Array(repeating: .nan, count: rows * smaller))
      }
      return (filled(rows), Array(repeating: .nan, count: smaller), filled(columns))
    }
    guard smaller > 0, matrix.isFinite else { return broken() }
    // LAPACK counts by columns: it sees Aᵀ = V diag(s) Uᵀ, gives V by columns, which is Vᵀ by rows, and Uᵀ by columns,
    // which is U by rows.
    var (m, n, k, status) = (Int32(columns), Int32(rows), Int32(smaller), Int32(0))
    var a = matrix.values
    var values = Array(repeating: 0.0, count: smaller)
    var right = Array(repeating: 0.0, count: smaller * columns)
    var left = Array(repeating: 0.0, count: rows * smaller)
    var whole = Array(repeating: Int32(0), count: 8 * smaller)
    var (wanted, ask) = (0.0, Int32(-1))
    dgesdd_("S", &m, &n, &a, &m, &values, &right, &m, &left, &k, &wanted, &ask, &whole, &status, 1)
    var count = Int32(wanted)
    var work = Array(repeating: 0.0, count: Int(count))
    dgesdd_("S", &m, &n, &a, &m, &values, &right, &m, &left, &k, &work, &count, &whole, &status, 1)
    guard status == 0 else { return broken() }
    return (
      DoubleMatrix(rows: rows, columns: smaller, left), values,
      DoubleMatrix(rows: smaller, columns: columns, right).transposed
    )
  }

  /// Eigenvalues, ascending, and eigenvectors, as columns, of a symmetric matrix.
  ///
  /// - Parameter matrix: [order, order]; one triangle of it is read.
  /// - Returns: not-a-number throughout if the matrix is not finite or the iteration does not converge.
  static func eigenvalues(of matrix: DoubleMatrix) -> (values: [Double], vectors: DoubleMatrix) {
    var (n, status) = (Int32(matrix.rows), Int32(0))
    var a = matrix.values
    var values = Array(repeating: 0.0, count: matrix.rows)
    var (wanted, wholeWanted, ask) = (0.0, Int32(0), Int32(-1))
    if matrix.rows > 0, matrix.isFinite {
      dsyevd_("V", "U", &n, &a, &n, &values, &wanted, &ask, &wholeWanted, &ask, &status, 1, 1)
      var (count, wholeCount) = (Int32(wanted), wholeWanted)
      var work = Array(repeating: 0.0, count: Int(count))
      var whole = Array(repeating: Int32(0), count: Int(wholeCount))
      dsyevd_("V", "U", &n, &a, &n, &values, &work, &count, &whole, &wholeCount, &status, 1, 1)
    } else {
      status = 1
    }
    guard status == 0 else {
      let order = matrix.rows
      return (
        Array(repeating: .nan, count: order),
        DoubleMatrix(rows: order, columns: order, Array(repeating: .nan, count: order * order))
      )
    }
    return (values, DoubleMatrix(rows: matrix.rows, columns: matrix.rows, a).transposed)
  }

  /// The largest eigenvalues, descending, and their eigenvectors, as columns, of a symmetric matrix.
  ///
  /// - Parameters:
  ///   - count: how many; with fewer than the order the others are not computed.
  ///   - matrix: [order, order]; one triangle of it is read.
  /// - Returns: values [count], vectors [order, count]; not-a-number throughout as for ``eigenvalues(of:)``.
  static func largestEigenvalues(_ count: Int, of matrix: DoubleMatrix) -> (values: [Double], vectors: DoubleMatrix) {
    let order = matrix.rows
    guard count < order, matrix.isFinite else {
      let (values, vectors) = eigenvalues(of: matrix)
      return (values.reversed(), vectors.withColumnsReversed.first(count))
    }
    var (n, status, found) = (Int32(order), Int32(0), Int32(0))
    var (first, last, bound, tolerance) = (Int32(order - count + 1), Int32(order), 0.0, 0.0)
    var a = matrix.values
    var values = Array(repeating: 0.0, count: order)
    var vectors = Array(repeating: 0.0, count: order * count)
    var support = Array(repeating: Int32(0), count: 2 * order)
    var (count26, count10) = (Int32(26 * order), Int32(10 * order))
    var work = Array(repeating: 0.0, count: 26 * order)
    var whole = Array(repeating: Int32(0), count: 10 * order)
    dsyevr_(
      "V", "I", "U", &n, &a, &n, &bound, &bound, &first, &last, &tolerance, &found, &values, &vectors, &n, &support,
      &work, &count26, &whole, &count10, &status, 1, 1, 1)
    guard status == 0, Int(found) == count else {
      return (
        Array(repeating: .nan, count: count),
        DoubleMatrix(rows: order, columns: count, Array(repeating: .nan, count: order * count))
      )
    }
    return (
      values.prefix(count).reversed(),
      DoubleMatrix(rows: count, columns: order, vectors).transposed.withColumnsReversed
    )
  }

  /// The solution X of A X = B.
  ///
  /// - Parameters:
  ///   - matrix: A, [order, order].
  ///   - sides: B, [order, columns].
  /// - Returns: [order, columns]; not-a-number throughout if A is singular or not finite.
  static func solution(of matrix: DoubleMatrix, _ sides: DoubleMatrix) -> DoubleMatrix {
    var (n, count, status) = (Int32(matrix.rows), Int32(sides.columns), Int32(0))
    guard !sides.values.isEmpty else { return sides }
    var a = matrix.transposed.values
    var b = sides.transposed.values
    var pivots = Array(repeating: Int32(0), count: matrix.rows)
    dgesv_(&n, &count, &a, &n, &pivots, &b, &n, &status)
    guard status == 0 else {
      return DoubleMatrix(
        rows: sides.rows, columns: sides.columns, Array(repeating: .nan, count: sides.values.count))
    }
    return DoubleMatrix(rows: sides.columns, columns: sides.rows, b).transposed
  }
}
