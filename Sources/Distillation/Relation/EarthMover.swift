import Tensors

/// Earth mover's distance between the answers of two networks, mean over the images.
enum EarthMover {
  /// All classes are equally far from each other, so that half of what differs has to be moved: mean of ½ Σ_c |p − q|.
  ///
  /// - Parameters:
  ///   - p: probabilities, [batch, classes].
  ///   - q: probabilities, [batch, classes].
  /// - Returns: a scalar in [0, 1].
  static func uniform(_ p: Tensor, _ q: Tensor) -> Tensor { (p - q).absolute().sum(alongAxes: [1]).mean() * 0.5 }

  /// Classes are as far from each other as their vectors: the Sinkhorn divergence OT(p, q) − ½ OT(p, p) − ½ OT(q, q)
  /// (Feydy et al., AISTATS 2019), OT with the entropy's weight ε = 0.05 and distances over the largest.
  ///
  /// The gradient is that of the solved problem, its potentials, not of the iterations.
  ///
  /// - Parameters:
  ///   - p: probabilities, [batch, classes].
  ///   - q: probabilities, [batch, classes].
  ///   - vectors: one for each class, [classes, features]; a constant.
  /// - Returns: a scalar, 0 where both agree.
  static func between(_ p: Tensor, _ q: Tensor, classes vectors: Tensor) -> Tensor {
    let (own, other) = withoutRecording {
      let costs = distances(among: vectors)
      let largest = costs.reshaped([costs.count]).largest(alongAxis: 0)
      // Classes that all coincide: nothing has to be moved far.
      let kernel = largest.item == 0 ? Tensor.ones(costs.shape) : (costs / (largest * -epsilon)).exp()
      let (p, q) = (p.detached(), q.detached())
      let across = potentials(p, q, kernel)
      return (across.first - potential(p, kernel), across.second - potential(q, kernel))
    }
    return (p * own + q * other).sum() / Float(p.shape[0])
  }

  private static let epsilon: Float = 0.05
  private static let iterations = 500

  /// The potential of a transport to itself: that of both sides is the same, up to a constant that iterations leave.
  private static func potential(_ p: Tensor, _ kernel: Tensor) -> Tensor {
    let both = potentials(p, p, kernel)
    return (both.first + both.second) * 0.5
  }

  /// The potentials of the regularised transport, by Sinkhorn's iterations: [batch, classes] each.
  private static func potentials(_ p: Tensor, _ q: Tensor, _ kernel: Tensor) -> (first: Tensor, second: Tensor) {
    var (first, second) = (Tensor.ones(p.shape), Tensor.ones(p.shape))
    for _ in 0..<iterations {
      first = 1 / matrixProduct(q * second, kernel)
      second = 1 / matrixProduct(p * first, kernel)
    }
    return (first.log() * epsilon, second.log() * epsilon)
  }
}
