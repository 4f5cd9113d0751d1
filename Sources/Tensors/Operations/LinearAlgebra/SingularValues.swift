import Support

/// A thin singular value decomposition of each matrix of a batch, A = U diag(s) Vᵀ.
public struct SingularValueDecomposition {
  /// U, [batch, rows, k], k the smaller of rows and columns; columns of length 1.
  public let left: Tensor
  /// s, [batch, k], descending.
  public let values: Tensor
  /// V, [batch, columns, k]; columns of length 1, each with its entry of largest magnitude positive.
  public let right: Tensor
}

/// The thin singular value decomposition of each matrix of a batch, computed in double precision by LAPACK.
///
/// The sign that a pair of vectors leaves open is fixed: in each column of V the entry of largest magnitude (the first
/// of equal ones) is positive. Where singular values are equal (squares nearer than 1e-12 of the largest), the vectors
/// are not determined; the terms of the gradient that compare them are then left out, so it stays finite, and it is the
/// true one for functions that depend on the space of these vectors alone. Values that are merely near each other give
/// large gradients, and vectors of singular values at 0 count as not determined by A. There is no second derivative.
///
/// - Parameters:
///   - matrices: [batch, rows, columns], or one matrix [rows, columns], which counts as a batch of 1.
///   - fixesSigns: whether the signs are fixed; otherwise they are those that LAPACK happens to give.
/// - Returns: vectors and values; not-a-number for a matrix that is not finite.
public func singularValues(of matrices: Tensor, fixesSigns: Bool = true) -> SingularValueDecomposition {
  let batch = MatrixBatch(matrices, "singularValues")
  let (rows, columns) = (batch.rows, batch.columns)
  let parts = batch.map { matrix -> (left: DoubleMatrix, values: [Double], right: DoubleMatrix) in
    var (left, values, right) = LAPACK.singularValues(of: matrix)
    if fixesSigns { left = left.scaled(columnsBy: right.fixSigns()) }
    return (left, values, right)
  }
  let smaller = min(rows, columns)
  let left = batch.assemble(parts.map(\.left), rows, smaller)
  let right = batch.assemble(parts.map(\.right), columns, smaller)
  let values = batch.assemble(
    parts.map { DoubleMatrix(rows: 1, columns: smaller, $0.values) }, 1, smaller
  ).reshaped([batch.count, smaller])
  let shape = matrices.shape
  return SingularValueDecomposition(
    left: left.recorded("singularVectors", [matrices]) { upstream in
      [
        batch.gradient(upstream, smaller, rows: rows, shape) { gradient, place in
          let (left, values, right) = parts[place]
          return sideGradient(gradient, left, values, right)
        }
      ]
    },
    values: values.recorded("singularValues", [matrices]) { upstream in
      [
        batch.gradient(upstream, smaller, rows: 1, shape) { gradient, place in
          parts[place].left.scaled(columnsBy: gradient.values) * parts[place].right.transposed
        }
      ]
    },
    right: right.recorded("singularVectors", [matrices]) { upstream in
      [
        batch.gradient(upstream, smaller, rows: columns, shape) { gradient, place in
          let (left, values, right) = parts[place]
          return sideGradient(gradient, right, values, left).transposed
        }
      ]
    })
}

/// The gradient of X diag(s) Yᵀ for one of X: [X (F ∘ (XᵀX̄ − X̄ᵀX)) S + (1 − XXᵀ) X̄ S⁻¹] Yᵀ, Fᵢⱼ = 1/(sⱼ² − sᵢ²)
/// (Townsend, "Differentiating the singular value decomposition", 2016).
private func sideGradient(_ gradient: DoubleMatrix, _ x: DoubleMatrix, _ s: [Double], _ y: DoubleMatrix)
  -> DoubleMatrix
{
  let squares = s.map { $0 * $0 }
  let least = 1e-12 * (squares.first ?? 0)
  let inner = x.transposed * gradient
  let turned = DoubleMatrix.inverseGaps(squares).multiplied(inner - inner.transposed).scaled(columnsBy: s)
  let outside = gradient - x * inner
  return (x * turned + outside.scaled(columnsBy: zip(s, squares).map { $1 <= least ? 0 : 1 / $0 })) * y.transposed
}
