import NeuralNetworks
import Support
import Tensors

/// A network that is given images normalised otherwise than it was trained on: an affine map of each colour stands at
/// its door, (x·s + m − m′) / s′ for an image x = (p − m) / s.
///
/// Layers, names, features and weights are the network's own; the map is recorded, so that gradients with respect to
/// the images are those of the images that are given.
public final class RenormalizedNetwork: Network {
  private let base: any Network
  private let factors: Tensor
  private let summands: Tensor

  /// - Parameters:
  ///   - base: the network; its parameters are shared, not copied.
  ///   - given: mean and deviation of each colour by which the images are normalised, in units of pixels in [0, 1].
  ///   - needed: those of the network's training.
  public init(_ base: any Network, given: (mean: [Float], std: [Float]), needed: (mean: [Float], std: [Float])) {
    let counts = [given.mean, given.std, needed.mean, needed.std].map(\.count)
    let channels = base.specification.channels
    precondition(
      counts.allSatisfy { $0 == channels }, "RenormalizedNetwork: \(counts) means and deviations of \(channels) colours"
    )
    self.base = base
    factors = Tensor(zip(given.std, needed.std).map { Float(Double($0) / Double($1)) }, shape: [channels])
    summands = Tensor(
      (0..<channels).map { Float((Double(given.mean[$0]) - Double(needed.mean[$0])) / Double(needed.std[$0])) },
      shape: [channels])
  }

  /// The network's own.
  public var specification: ModelSpecification { base.specification }
  /// The network's own; the map is no layer.
  public var layers: [LayerDescription] { base.layers }
  /// The network's own.
  public var probePoints: [ProbePoint] { base.probePoints }

  /// [batch, height, width, channels], normalised as given → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    base(images * factors + summands, pass)
  }

  /// The network's parameters under their own names.
  public func visit(_ visitor: ParameterVisitor) { base.visit(visitor) }
}
