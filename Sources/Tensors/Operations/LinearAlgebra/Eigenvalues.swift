import Support

/// Eigenvalues and eigenvectors of the symmetric matrices of a batch, computed in double precision by LAPACK.
///
/// In each vector the entry of largest magnitude (the first of equal ones) is positive. Where eigenvalues are equal
/// (nearer than 1e-12 of the largest), the terms of the gradient that compare their vectors are left out, as for
/// ``singularValues(of:)``. There is no second derivative.
///
/// - Parameter matrices: [batch, order, order], or one matrix [order, order], which counts as a batch of 1; symmetric,
///   one triangle is read.
/// - Returns: values [batch, order], ascending, and vectors [batch, order, order], as columns; not-a-number for a matrix
///   that is not finite. Gradients are symmetric.
public func eigenvalues(ofSymmetric matrices: Tensor) -> (values: Tensor, vectors: Tensor) {
  let batch = MatrixBatch(matrices, "eigenvalues")
  let order = batch.rows
  precondition(order == batch.columns, "eigenvalues: shape \(matrices.shape) is not square")
  let parts = batch.map { matrix -> (values: [Double], vectors: DoubleMatrix) in
    var (values, vectors) = LAPACK.eigenvalues(of: matrix)
    _ = vectors.fixSigns()
    return (values, vectors)
  }
  let shape = matrices.shape
  let values = batch.assemble(parts.map { DoubleMatrix(rows: 1, columns: order, $0.values) }, 1, order)
    .reshaped([batch.count, order])
  let vectors = batch.assemble(parts.map(\.vectors), order, order)
  return (
    values.recorded("eigenvalues", [matrices]) { upstream in
      [
        batch.gradient(upstream, order, rows: 1, shape) { gradient, place in
          parts[place].vectors.scaled(columnsBy: gradient.values) * parts[place].vectors.transposed
        }
      ]
    },
    vectors.recorded("eigenvectors", [matrices]) { upstream in
      [
        batch.gradient(upstream, order, rows: order, shape) { gradient, place in
          let (values, vectors) = parts[place]
          let turned = DoubleMatrix.inverseGaps(values).multiplied(vectors.transposed * gradient)
          let whole = vectors * turned * vectors.transposed
          return DoubleMatrix(
            rows: order, columns: order, (whole + whole.transposed).values.map { $0 / 2 })
        }
      ]
    }
  )
}
