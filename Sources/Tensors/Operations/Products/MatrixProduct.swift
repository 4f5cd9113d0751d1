import COneDNN
import Support

private struct Key: Hashable, Sendable {
  let rows: Int
  let inner: Int
  let columns: Int
  let transposesFirst: Bool
  let transposesSecond: Bool
  let bias: Bool
}

private let primitives = PrimitiveCache<Key, Primitive>()

/// The product of two matrices, either of them transposed if asked.
///
/// - Parameters:
///   - a: [rows, inner], or [inner, rows] if transposed.
///   - b: [inner, columns], or [columns, inner] if transposed.
///   - transposesFirst: whether `a` is taken transposed.
///   - transposesSecond: whether `b` is taken transposed.
/// - Returns: [rows, columns].
public func matrixProduct(_ a: Tensor, _ b: Tensor, transposesFirst: Bool = false, transposesSecond: Bool = false)
  -> Tensor
{
  product(a, b, bias: nil, transposesFirst, transposesSecond).recorded("matrixProduct", [a, b], isRecordable: true) {
    productGradients($0, a, b, transposesFirst, transposesSecond) {
      matrixProduct($0, $1, transposesFirst: $2, transposesSecond: $3)
    }
  }
}

/// The gradients of a product of matrices are products of the same kind; nil where none is needed.
func productGradients(
  _ gradient: Tensor, _ a: Tensor, _ b: Tensor, _ transposesFirst: Bool, _ transposesSecond: Bool,
  by product: (_ a: Tensor, _ b: Tensor, _ transposesFirst: Bool, _ transposesSecond: Bool) -> Tensor
) -> [Tensor?] {
  func first() -> Tensor {
    transposesFirst ? product(b, gradient, transposesSecond, true) : product(gradient, b, false, !transposesSecond)
  }
  func second() -> Tensor {
    transposesSecond ? product(gradient, a, true, transposesFirst) : product(a, gradient, !transposesFirst, false)
  }
  return [a.isWanted ? first() : nil, b.isWanted ? second() : nil]
}

/// A fully connected layer: input · weightᵀ + bias.
///
/// - Parameters:
///   - input: [batch, inputs].
///   - weight: [outputs, inputs], PyTorch's order.
///   - bias: [outputs].
/// - Returns: [batch, outputs].
public func linear(_ input: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Tensor {
  guard let bias else { return matrixProduct(input, weight, transposesSecond: true) }
  precondition(bias.shape == [weight.shape[0]], "linear: bias \(bias.shape) for weights \(weight.shape)")
  return product(input, weight, bias: bias, false, true).recorded(
    "linear", [input, weight, bias], isRecordable: true
  ) { gradient in
    [
      input.isWanted ? matrixProduct(gradient, weight) : nil,
      weight.isWanted ? matrixProduct(gradient, input, transposesFirst: true) : nil,
      bias.isWanted ? gradient.sum(alongAxes: [0]) : nil,
    ]
  }
}

private func product(_ a: Tensor, _ b: Tensor, bias: Tensor?, _ transposesFirst: Bool, _ transposesSecond: Bool)
  -> Tensor
{
  precondition(
    a.shape.rank == 2 && b.shape.rank == 2, "matrixProduct: shapes \(a.shape) and \(b.shape) are no matrices")
  let rows = a.shape[transposesFirst ? 1 : 0]
  let inner = a.shape[transposesFirst ? 0 : 1]
  let columns = b.shape[transposesSecond ? 0 : 1]
  precondition(
    inner == b.shape[transposesSecond ? 1 : 0], "matrixProduct: shapes \(a.shape) and \(b.shape) do not fit together")
  let key = Key(
    rows: rows, inner: inner, columns: columns, transposesFirst: transposesFirst, transposesSecond: transposesSecond,
    bias: bias != nil)
  let output = Tensor(uninitialized: [rows, columns])
  primitives(key) { make(key) }.execute(
    [a.raw, b.raw] + (bias.map { [$0.raw] } ?? [])
      + [output.raw])
  return output
}

private func make(_ key: Key) -> Primitive {
  let first =
    key.transposesFirst
    ? Layout.matrix(rows: key.inner, columns: key.rows, transposed: true)
    : Layout.matrix(rows: key.rows, columns: key.inner)
  let second =
    key.transposesSecond
    ? Layout.matrix(rows: key.columns, columns: key.inner, transposed: true)
    : Layout.matrix(rows: key.inner, columns: key.columns)
  let bias = Layout.matrix(rows: 1, columns: key.columns)
  let result = Layout.matrix(rows: key.rows, columns: key.columns)
  var operation = dnnl_matmul_desc_t()
  check(
    dnnl_matmul_desc_init(
      &operation, first.descriptor, second.descriptor, key.bias ? bias.descriptor : nil, result.descriptor),
    "describing a matrix product")
  return Primitive(
    "matrix product", unwrap(Primitive.describe(&operation), "matrix product for \(key)"),
    arguments: [1, 33] + (key.bias ? [41] : []) + [17])
}
