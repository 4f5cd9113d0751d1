import COneDNN
import Support

private struct Key: Hashable, Sendable {
  let batches: [Int]
  let rows: Int
  let inner: Int
  let columns: Int
  let transposesFirst: Bool
  let transposesSecond: Bool
}

private let primitives = PrimitiveCache<Key, Primitive>()

/// The products of two batches of matrices, either side transposed if asked.
///
/// - Parameters:
///   - a: [batch, rows, inner], or [batch, inner, rows] if transposed; a batch of 1, or a matrix alone, goes with all
///     of the other side.
///   - b: [batch, inner, columns], or [batch, columns, inner] if transposed.
///   - transposesFirst: whether the matrices of `a` are taken transposed.
///   - transposesSecond: whether the matrices of `b` are taken transposed.
/// - Returns: [batch, rows, columns].
public func batchedMatrixProduct(
  _ a: Tensor, _ b: Tensor, transposesFirst: Bool = false, transposesSecond: Bool = false
) -> Tensor {
  precondition(
    [2, 3].contains(a.shape.rank) && [2, 3].contains(b.shape.rank),
    "batchedMatrixProduct: shapes \(a.shape) and \(b.shape) are no batches of matrices")
  if a.shape.rank == 2 {
    return batchedMatrixProduct(
      a.reshaped(Shape([1] + a.shape.dimensions)), b, transposesFirst: transposesFirst,
      transposesSecond: transposesSecond)
  }
  if b.shape.rank == 2 {
    return batchedMatrixProduct(
      a, b.reshaped(Shape([1] + b.shape.dimensions)), transposesFirst: transposesFirst,
      transposesSecond: transposesSecond)
  }
  return product(a, b, transposesFirst, transposesSecond)
    .recorded("batchedMatrixProduct", [a, b], isRecordable: true) { gradient in
      let first: () -> Tensor = {
        transposesFirst
          ? batchedMatrixProduct(b, gradient, transposesFirst: transposesSecond, transposesSecond: true)
          : batchedMatrixProduct(gradient, b, transposesSecond: !transposesSecond)
      }
      let second: () -> Tensor = {
        transposesSecond
          ? batchedMatrixProduct(gradient, a, transposesFirst: true, transposesSecond: transposesFirst)
          : batchedMatrixProduct(a, gradient, transposesFirst: !transposesFirst)
      }
      return [
        a.requiresGradient ? first().summed(to: a.shape) : nil, b.requiresGradient ? second().summed(to: b.shape) : nil,
      ]
    }
}

/// The Gram matrix of each sample's channels: Xᵀ X.
///
/// - Parameter features: [batch, positions, channels]; a feature map NHWC is one after `reshaped([B, H·W, C])`.
/// - Returns: [batch, channels, channels], sums over the positions, not means.
public func gramMatrices(_ features: Tensor) -> Tensor {
  batchedMatrixProduct(features, features, transposesFirst: true)
}

private func product(_ a: Tensor, _ b: Tensor, _ transposesFirst: Bool, _ transposesSecond: Bool) -> Tensor {
  let rows = a.shape[transposesFirst ? 2 : 1]
  let inner = a.shape[transposesFirst ? 1 : 2]
  let columns = b.shape[transposesSecond ? 1 : 2]
  let batches = [a.shape[0], b.shape[0]]
  precondition(
    inner == b.shape[transposesSecond ? 2 : 1] && (batches[0] == batches[1] || batches.contains(1)),
    "batchedMatrixProduct: shapes \(a.shape) and \(b.shape) do not fit together")
  let key = Key(
    batches: batches, rows: rows, inner: inner, columns: columns, transposesFirst: transposesFirst,
    transposesSecond: transposesSecond)
  let batch = batches[0] == 1 ? batches[1] : batches[0]
  guard batch * rows * columns * inner > 0 else { return .zeros([batch, rows, columns]) }
  let output = Tensor(uninitialized: [batch, rows, columns])
  primitives(key) { make(key, batch: batch) }.execute([a.raw, b.raw, output.raw])
  return output
}

private func make(_ key: Key, batch: Int) -> Primitive {
  let first = layout(key.batches[0], key.rows, key.inner, transposed: key.transposesFirst)
  let second = layout(key.batches[1], key.inner, key.columns, transposed: key.transposesSecond)
  let result = layout(batch, key.rows, key.columns, transposed: false)
  var operation = dnnl_matmul_desc_t()
  check(
    dnnl_matmul_desc_init(&operation, first.descriptor, second.descriptor, nil, result.descriptor),
    "describing a batched matrix product")
  return Primitive(
    "batched matrix product", unwrap(Primitive.describe(&operation), "batched matrix product for \(key)"),
    arguments: [1, 33, 17])
}

/// Matrices of logical extents [rows, columns]; transposed, they lie as [columns, rows] in memory.
private func layout(_ batch: Int, _ rows: Int, _ columns: Int, transposed: Bool) -> Layout {
  // A single row or column is the same either way, and oneDNN wants its leading extent large enough.
  let swapped = transposed && rows > 1 && columns > 1
  return .strided(
    [batch, rows, columns], strides: [rows * columns] + (swapped ? [1, rows] : [columns, 1]))
}
