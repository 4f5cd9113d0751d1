import Support

/// A batch of matrices that are worked on one by one, in double precision, several at once.
struct MatrixBatch {
  let count: Int
  let rows: Int
  let columns: Int
  private let tensor: Tensor

  /// - Parameters:
  ///   - matrices: [batch, rows, columns], or [rows, columns] for a batch of 1.
  ///   - operation: name for error lines.
  init(_ matrices: Tensor, _ operation: String) {
    precondition(
      [2, 3].contains(matrices.shape.rank), "\(operation): shape \(matrices.shape) is no matrix and no batch of them")
    count = matrices.shape.rank == 3 ? matrices.shape[0] : 1
    rows = matrices.shape[-2]
    columns = matrices.shape[-1]
    tensor = matrices.detached()
  }

  /// What `body` makes of each matrix, in order.
  func map<R: Sendable>(_ body: @escaping @Sendable (DoubleMatrix) -> R) -> [R] {
    let (rows, columns) = (rows, columns)
    nonisolated(unsafe) let source = tensor.base
    return parallelMap(count) { body(DoubleMatrix(source, $0, rows: rows, columns: columns)) }
  }

  /// Matrices of one shape as a batch [count, rows, columns].
  func assemble(_ matrices: [DoubleMatrix], _ rows: Int, _ columns: Int) -> Tensor {
    let result = Tensor(uninitialized: [count, rows, columns])
    for (place, matrix) in matrices.enumerated() { matrix.write(to: result.base, place) }
    return result
  }

  /// A gradient for each matrix, from one for each result [rows, width].
  func gradient(
    _ upstream: Tensor, _ width: Int, rows: Int, _ shape: Shape,
    _ body: @escaping @Sendable (_ gradient: DoubleMatrix, _ place: Int) -> DoubleMatrix
  ) -> Tensor {
    assemble(each(upstream, width, rows: rows, body), self.rows, columns).reshaped(shape)
  }

  /// A matrix [columns, columns] for each, from a gradient for each result [rows, width].
  func square(
    _ upstream: Tensor, _ width: Int, rows: Int,
    _ body: @escaping @Sendable (_ gradient: DoubleMatrix, _ place: Int) -> DoubleMatrix
  ) -> Tensor { assemble(each(upstream, width, rows: rows, body), columns, columns) }

  private func each(
    _ upstream: Tensor, _ width: Int, rows: Int,
    _ body: @escaping @Sendable (_ gradient: DoubleMatrix, _ place: Int) -> DoubleMatrix
  ) -> [DoubleMatrix] {
    nonisolated(unsafe) let source = upstream.base
    return parallelMap(count) { body(DoubleMatrix(source, $0, rows: rows, columns: width), $0) }
  }
}

/// What `body` makes of 0, 1, … `count` − 1, in order, computed on all threads.
private func parallelMap<R: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> R) -> [R] {
  let results = [R?](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let target = buffer
    parallelFor(count: count) { range in
      for place in range { target.initializeElement(at: place, to: body(place)) }
    }
    initialized = count
  }
  return results.compactMap { $0 }
}
