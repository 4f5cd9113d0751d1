import Support
import Tensors

/// A place in a network whose feature map can be had: a layer by name, before or after its ReLU.
public struct FeaturePoint: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Name of the layer, such as `layer3`, `features.8`, `fc`.
  public let layer: String
  /// Whether the feature is taken before the layer's ReLU.
  public let isPreActivation: Bool

  /// - Parameters:
  ///   - layer: name of the layer.
  ///   - isPreActivation: whether the feature is taken before the layer's ReLU.
  public init(_ layer: String, preActivation isPreActivation: Bool = false) {
    self.layer = layer
    self.isPreActivation = isPreActivation
  }

  /// `layer3`, or `layer3 before its ReLU`.
  public var description: String { layer + (isPreActivation ? " before its ReLU" : "") }
}

/// One run of a network: its mode, its random stream, and the features that are wanted from it.
///
/// Features are kept for this pass alone; a network carries no hooks that could outlive it.
public final class ForwardPass {
  /// How batch normalisation and dropout behave.
  public enum Mode: Sendable {
    case training
    case evaluation
  }

  /// How batch normalisation and dropout behave at the layer that runs now.
  public var mode: Mode { isInFrozenPart ? .evaluation : trainedMode }
  /// The features that were asked for, as far as the pass has come.
  public private(set) var features: [FeaturePoint: Tensor] = [:]
  /// Whether training mode updates running statistics.
  public let updatesStatistics: Bool
  private let wanted: Set<FeaturePoint>
  private let stopsWhenFound: Bool
  private let trainedMode: Mode
  private let frozenLayer: String?
  private var isInFrozenPart: Bool
  private let random: Philox
  private var draws = 0
  /// The layer behind which a network is left, and whether it has been passed.
  private var exit: (layer: String, isPassed: Bool)?

  /// - Parameters:
  ///   - mode: how batch normalisation and dropout behave.
  ///   - wanted: the features to keep.
  ///   - stopsWhenFound: whether layers after the last wanted feature are skipped; the logits are then meaningless.
  ///   - updatesStatistics: whether training mode updates running statistics.
  ///   - frozenLayer: all layers up to and including this one run in evaluation mode; nil for none.
  ///   - random: the stream that dropout draws from.
  public init(
    _ mode: Mode, features wanted: Set<FeaturePoint> = [], stopsWhenFound: Bool = false,
    updatesStatistics: Bool = true, frozenUpTo frozenLayer: String? = nil, random: Philox = Philox(seed: 0)
  ) {
    trainedMode = mode
    self.frozenLayer = frozenLayer
    isInFrozenPart = frozenLayer != nil
    self.wanted = wanted
    self.stopsWhenFound = stopsWhenFound
    self.updatesStatistics = updatesStatistics
    self.random = random
  }

  /// Whether all wanted features are there, or a layer is passed, and the rest of the network need not run.
  public var isDone: Bool { exit?.isPassed == true || stopsWhenFound && features.count == wanted.count }

  /// Runs a network that is part of another one as far as a layer and leaves it there.
  ///
  /// - Parameters:
  ///   - layer: name of a probe point; a pooling that belongs to it is still done.
  ///   - body: calls the network with this pass.
  /// - Returns: what the network gives there: what its last layers would have read.
  public func leaving(behind layer: String, _ body: () -> Tensor) -> Tensor {
    exit = (layer, false)
    defer { exit = nil }
    return body()
  }

  /// Whether anything is wanted from before the ReLU of any of these layers.
  public func wantsPreActivation(of layers: [String]) -> Bool {
    layers.contains { wanted.contains(FeaturePoint($0, preActivation: true)) }
  }

  /// Offers a feature under its layer's names; it is kept if wanted.
  public func offer(_ feature: Tensor, as layers: [String], preActivation isPreActivation: Bool = false) {
    if isInFrozenPart, let frozenLayer, layers.contains(frozenLayer) { isInFrozenPart = false }
    if let exit, !isPreActivation, layers.contains(exit.layer) { self.exit?.isPassed = true }
    for layer in layers {
      let point = FeaturePoint(layer, preActivation: isPreActivation)
      if wanted.contains(point) { features[point] = feature }
    }
  }

  /// Applies a ReLU and offers the feature before and after it.
  public func activated(_ x: Tensor, as layers: [String]) -> Tensor {
    offer(x, as: layers, preActivation: true)
    let output = x.relu()
    offer(output, as: layers)
    return output
  }

  /// The next stream for a layer that draws random numbers; each call gives another one.
  public func nextRandom() -> Philox {
    draws += 1
    return Philox(seed: random.seed, stream: random.stream ^ UInt64(draws) << 40)
  }

  /// The kept feature of a point.
  ///
  /// - Throws: nothing; a point that the network does not have is a programmer error here, since recipes are checked.
  public func feature(_ point: FeaturePoint) -> Tensor {
    guard let feature = features[point] else {
      preconditionFailure("no feature at \(point): not asked for, or no such layer")
    }
    return feature
  }
}
