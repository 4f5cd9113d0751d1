import Support

/// The product of a Hessian with a vector, by differentiating ⟨∇L, v⟩ (Pearlmutter, Neural Computation 1994).
///
/// It costs about as much as four evaluations of the gradient. Where a ReLU or a maximum has its kink, the derivative
/// of the piece is taken.
///
/// - Parameters:
///   - loss: a scalar, on the tape; the tape is used up.
///   - sources: what the gradient ∇L is taken to.
///   - vectors: v, one for each source and of its shape; constants.
///   - targets: what ⟨∇L, v⟩ is differentiated to; the sources where nil. Others give a mixed second derivative.
/// - Returns: one tensor for each target, of its shape; zeros where the gradient does not depend on it.
public func hessianVectorProduct(
  of loss: Tensor, with sources: [Tensor], vectors: [Tensor], to targets: [Tensor]? = nil
) -> [Tensor] {
  precondition(
    sources.map(\.shape) == vectors.map(\.shape),
    "hessianVectorProduct: vectors \(vectors.map(\.shape)) for sources \(sources.map(\.shape))")
  let slopes = gradients(of: loss, with: sources, recordsAgain: true)
  let products = zip(slopes, vectors).map { slope, vector in (slope * vector.detached()).sum() }
  guard let first = products.first else { return (targets ?? sources).map { .zeros($0.shape) } }
  return gradients(of: products.dropFirst().reduce(first, +), with: targets ?? sources)
}
