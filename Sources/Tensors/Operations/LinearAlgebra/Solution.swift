import Support

/// The solution X of A X = B for each pair of a batch, computed in double precision by LAPACK.
///
/// - Parameters:
///   - matrices: A, [batch, order, order] or [order, order].
///   - sides: B, [batch, order, columns] or [order, columns]; as many as matrices.
/// - Returns: of the shape of B; not-a-number where A is singular.
public func solution(of matrices: Tensor, _ sides: Tensor) -> Tensor {
  let (first, second) = (MatrixBatch(matrices, "solution"), MatrixBatch(sides, "solution"))
  precondition(
    first.rows == first.columns && first.rows == second.rows && first.count == second.count,
    "solution: shapes \(matrices.shape) and \(sides.shape) do not fit together")
  let (left, right) = (first.map { $0 }, second.map { $0 })
  let output = second.assemble(zip(left, right).map { LAPACK.solution(of: $0, $1) }, second.rows, second.columns)
    .reshaped(sides.shape)
  let values = output.detached()
  return output.recorded("solution", [matrices, sides], isRecordable: true) { gradient in
    let axes = Array(0..<matrices.shape.rank - 2) + [matrices.shape.rank - 1, matrices.shape.rank - 2]
    let toSides = solution(of: matrices.permuted(axes), gradient)
    let result = isRecording ? solution(of: matrices, sides) : values
    let toMatrices = batchedMatrixProduct(toSides, result, transposesSecond: true)
    return [matrices.isWanted ? -toMatrices.reshaped(matrices.shape) : nil, toSides]
  }
}
