import Tensors

/// Initial values for weights, each tensor from a stream of its own.
public final class Initialiser {
  private let random: Philox
  private let isBlank: Bool
  private var index = 0

  /// - Parameter seed: seed of the run; the same seed gives the same network.
  public init(seed: UInt64) {
    random = Philox(seed: seed)
    isBlank = false
  }

  /// An initialiser that draws nothing: weights are what memory happens to hold, until they are read from a file.
  public init(blank: Void) {
    random = Philox(seed: 0)
    isBlank = true
  }

  /// Seed of the run, for what draws beside the weights.
  public var seed: UInt64 { random.seed }

  /// One that begins where this one began.
  public var afresh: Initialiser { isBlank ? Initialiser(blank: ()) : Initialiser(seed: seed) }

  private func next() -> Philox {
    index += 1
    return random.split(.initialisation, index)
  }

  /// Normal with standard deviation √(2 / fan), fan = outputs × kernel area (He et al., ICCV 2015, backward form).
  ///
  /// - Parameter shape: [outputs, inputs, height, width].
  /// - Returns: weights of this shape.
  public func heNormalOutputs(_ shape: Shape) -> Tensor {
    normal(shape, deviation: (2 / Float(shape[0] * shape[2] * shape[3])).squareRoot())
  }

  /// Normal with the given standard deviation.
  public func normal(_ shape: Shape, deviation: Float) -> Tensor {
    isBlank ? Tensor(shape: shape) { _ in } : Tensor.normal(shape, next()) * deviation
  }

  /// Normal, with values beyond two standard deviations drawn again; the given deviation is that of what is left.
  public func truncatedNormal(_ shape: Shape, deviation: Float) -> Tensor {
    guard !isBlank else { return Tensor(shape: shape) { _ in } }
    let values = Tensor.normal(shape, next())
    while values.floats.contains(where: { abs($0) > 2 }) {
      let others = Tensor.normal(shape, next()).floats
      values.mutate { target in
        for place in target.indices where abs(target[place]) > 2 { target[place] = others[place] }
      }
    }
    // The standard deviation of a standard normal that is cut off at ±2.
    return values * (deviation / 0.879_625_66)
  }

  /// Uniform in ±1/√fanIn, PyTorch's default for linear and convolution layers.
  public func uniform(_ shape: Shape, fanIn: Int) -> Tensor {
    guard !isBlank else { return Tensor(shape: shape) { _ in } }
    let bound = 1 / Float(max(1, fanIn)).squareRoot()
    return Tensor.uniform(shape, in: -bound..<bound, next())
  }
}
