import Tensors

extension Perturbation {
  /// How a feature answers to noise: one pass through the network.
  ///
  /// - Parameters:
  ///   - feature: from normalised images [n, height, width, channels] to their features, on the tape if they are.
  ///   - images: normalised images, [images, height, width, channels].
  ///   - clean: their features.
  ///   - theta: ln σ of every cell of every image.
  ///   - rows: image and random stream of every noisy copy.
  ///   - variance: δ².
  ///   - withGradient: whether ∂/∂θ is wanted.
  ///   - unitNoise: ε of every row instead of the streams' own; nil to draw it.
  /// - Returns: ‖h(x′) − h(x)‖² / δ² of every row, and its gradient with respect to θ, or none.
  package func response(
    of feature: (Tensor) -> Tensor, _ images: Tensor, _ clean: Tensor, theta: [[Double]],
    rows: [(image: Int, stream: Philox)], variance: Double, withGradient: Bool,
    unitNoise: Tensor? = nil
  ) -> (distances: [Double], gradients: [[Double]]) {
    let shape = Shape([rows.count] + images.shape.dimensions.dropFirst())
    let noise = Tensor(shape: shape) { _ in }
    let noisy = Tensor(shape: shape) { _ in }
    unitNoise?.withFloats { given in noise.mutate { _ = $0.update(fromContentsOf: given) } }
    perturb(images, theta, rows: rows, noise: noise, perturbed: noisy, draws: unitNoise == nil)
    let places = rows.map(\.image)
    guard withGradient else {
      let features = withoutRecording { feature(noisy) }
      return (distances(features, clean, images: places, variance: variance, upstream: nil), [])
    }
    noisy.setRequiresGradient(true)
    let features = feature(noisy)
    let upstream = Tensor(shape: features.shape) { _ in }
    let distances = distances(features, clean, images: places, variance: variance, upstream: upstream)
    let gradient = gradients(of: features, with: [noisy], upstream: upstream)[0]
    return (distances, cellGradients(gradient, noise: noise, rows: rows.count))
  }
}
