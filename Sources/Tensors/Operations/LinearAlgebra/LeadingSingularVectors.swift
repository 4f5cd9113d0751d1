import Support

/// The first right singular vectors of each matrix of a batch and their values: what ``singularValues(of:fixesSigns:)``
/// gives, for tall matrices in a fraction of its time, from the eigenvectors of AᵀA in double precision.
///
/// Signs are fixed and vectors of equal values are treated as there; singular values below 1e-8 of the largest are not
/// resolved. Where nothing is recorded, only the vectors that are asked for are computed. There is no second derivative.
///
/// - Parameters:
///   - count: of vectors; no more than the smaller extent are given.
///   - matrices: [batch, rows, columns].
/// - Returns: V [batch, columns, count], s [batch, count], descending; not-a-number for a matrix that is not finite.
public func leadingSingularVectors(_ count: Int, of matrices: Tensor) -> (vectors: Tensor, values: Tensor) {
  let batch = MatrixBatch(matrices, "leadingSingularVectors")
  let (columns, count) = (batch.columns, min(count, batch.rows, batch.columns))
  guard columns <= batch.rows else {
    let parts = singularValues(of: matrices)
    return (parts.right.slice(0..<count, alongAxis: 2), parts.values.slice(0..<count, alongAxis: 1))
  }
  let asked = isRecording && matrices.requiresGradient ? columns : count
  let parts = batch.map { matrix -> LeadingVectors in LeadingVectors(of: matrix, asked) }
  let vectors = batch.assemble(parts.map { $0.vectors.first(count) }, columns, count)
  let values = batch.assemble(
    parts.map { DoubleMatrix(rows: 1, columns: count, Array($0.values.prefix(count))) }, 1, count
  ).reshaped([batch.count, count])
  func gradient(_ upstream: Tensor, _ rows: Int, _ slope: @escaping Slope) -> Tensor {
    // The gradient of f(AᵀA) is A (Ḡ + Ḡᵀ), one product for the whole batch.
    let inner = batch.square(upstream, count, rows: rows) { gradient, place in
      let whole = slope(gradient, parts[place])
      return whole + whole.transposed
    }
    return batchedMatrixProduct(matrices.detached().reshaped([batch.count, batch.rows, columns]), inner)
      .reshaped(matrices.shape)
  }
  return (
    vectors.recorded("leadingSingularVectors", [matrices]) { [gradient($0, columns) { $1.slope(vectors: $0) }] },
    values.recorded("leadingSingularValues", [matrices]) { [gradient($0, 1) { $1.slope(values: $0.values) }] }
  )
}

/// The gradient of AᵀA, Ḡ, from one of what was made of it.
private typealias Slope = @Sendable (DoubleMatrix, LeadingVectors) -> DoubleMatrix

/// Eigenvectors of AᵀA of one matrix, by falling values.
private struct LeadingVectors: Sendable {
  let vectors: DoubleMatrix
  let values: [Double]

  init(of matrix: DoubleMatrix, _ count: Int) {
    var (squares, vectors) = LAPACK.largestEigenvalues(count, of: matrix.gram)
    _ = vectors.fixSigns()
    self.vectors = vectors
    values = squares.map { $0 < 0 ? 0 : $0.squareRoot() }
  }

  /// The gradient of AᵀA for one of the first vectors [columns, count]: V (F ∘ VᵀV̄) V₁ᵀ, Fᵢⱼ = 1/(sⱼ² − sᵢ²).
  func slope(vectors gradient: DoubleMatrix) -> DoubleMatrix {
    let gaps = DoubleMatrix.inverseGaps(values.map { $0 * $0 }).first(gradient.columns)
    let turned = gaps.multiplied(vectors.transposed * gradient)
    return vectors * turned * vectors.first(gradient.columns).transposed
  }

  /// The gradient of AᵀA for one of the first values: V₁ diag(s̄ / 2s) V₁ᵀ; vectors of no length give none.
  func slope(values gradient: [Double]) -> DoubleMatrix {
    let least = 1e-8 * (values.first ?? 0)
    let first = vectors.first(gradient.count)
    return first.scaled(columnsBy: zip(gradient, values).map { $1 <= least ? 0 : $0 / (2 * $1) }) * first.transposed
  }
}
