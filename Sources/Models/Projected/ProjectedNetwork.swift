import NeuralNetworks
import Support
import Tensors

/// A network whose last map is projected to another network's width and classified by that network's last layer
/// (SimKD: Chen, Mei, Zhang, Wang, Feng & Chen, "Knowledge Distillation with the Reused Teacher Classifier", CVPR 2022,
/// arXiv 2203.14001, section 3.2).
///
/// What lies behind the last stage of the network itself does not run and is not there: no parameter, no layer. The
/// classifier is not trained.
public final class ProjectedNetwork: Network {
  /// What a map is projected to.
  public struct Target: Equatable, Sendable {
    /// Height and width of the other network's map: a larger map is average-pooled to it.
    public let size: HeightWidth
    /// The other network's channels.
    public let channels: Int
    /// What the channels are divided by between the convolutions of the projector.
    public let factor: Int

    /// - Parameters:
    ///   - size: height and width of the other network's map.
    ///   - channels: the other network's channels.
    ///   - factor: what the channels are divided by between the convolutions.
    public init(size: HeightWidth, channels: Int, factor: Int) {
      self.size = size
      self.channels = channels
      self.factor = factor
    }
  }

  /// Name of the projector's output.
  public static let point = "projector"

  /// That of the network with the target in it: enough to build it again.
  public let specification: ModelSpecification
  /// Those of the network up to its last stage, the projector's, the classifier.
  public let layers: [LayerDescription]
  /// Those of the network up to its last stage, `projector`, the mean of each channel and the logits under the names that
  /// the network gives them.
  public let probePoints: [ProbePoint]
  /// Height and width of the projected map.
  public let projectedSize: HeightWidth

  private let base: any Network
  private let lastStage: String
  private let target: Target
  private let projector: BottleneckProjector
  private let classifier: Linear
  private let names: (vector: String, logits: String)

  /// - Parameters:
  ///   - base: the network; its parameters are shared, not copied.
  ///   - target: what its map is projected to.
  ///   - classifier: weight [classes, channels] and bias [classes]; drawn where nil, for values from a file.
  ///   - initialiser: gives the projector's weights.
  public init(
    _ base: any Network, to target: Target, classifier: (weight: Tensor, bias: Tensor)? = nil,
    _ initialiser: Initialiser
  ) {
    let (point, own) = (base.lastStage, base.specification)
    self.base = base
    self.target = target
    lastStage = point.name
    specification = ModelFamily.projected(own, target)
    let map = withoutRecording {
      let pass = ForwardPass(.evaluation)
      return pass.leaving(behind: point.name) { base(.zeros([1, own.height, own.width, own.channels]), pass) }
    }
    projectedSize = HeightWidth(
      height: min(map.shape[1], target.size.height), width: min(map.shape[2], target.size.width))
    projector = BottleneckProjector(
      map.shape[3], middle: max(1, target.channels / target.factor), target.channels, endsNormalized: true, initialiser)
    self.classifier =
      classifier.map { Linear(weight: $0.weight.detached(), bias: $0.bias.detached()) }
      ?? Linear(target.channels, own.classes, initialiser)
    self.classifier.freeze()
    let logits = base.layers.last?.name ?? "fc"
    let vector = base.probePoints.last { $0.output.rank == 1 && $0.layerCount < base.layers.count }?.name ?? "avgpool"
    names = (vector, logits)

    var list = LayerList(own)
    list.restart(projectedSize.height, projectedSize.width, channels: map.shape[3])
    projector.describe(Self.point, &list)
    list.point(Self.point)
    list.vector(vector)
    list.linear(logits, self.classifier, hasRelu: false)
    layers = Array(base.layers.prefix(point.layerCount)) + list.layers
    probePoints =
      base.probePoints.filter { $0.layerCount <= point.layerCount && $0.output.rank == 3 }
      + list.probePoints.map {
        ProbePoint(
          name: $0.name, output: $0.output, hasRelu: $0.hasRelu, isRecommended: $0.isRecommended,
          layerCount: $0.layerCount + point.layerCount)
      }
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    let map = pass.leaving(behind: lastStage) { base(images, pass) }
    if pass.isDone { return map }
    let isLarger = map.shape[1] > projectedSize.height || map.shape[2] > projectedSize.width
    let projected = projector(isLarger ? adaptiveAveragePooling(map, to: projectedSize) : map, pass)
    pass.offer(projected, as: [Self.point])
    if pass.isDone { return projected }
    let pooled = globalAveragePooling(projected)
    pass.offer(pooled, as: [names.vector])
    if pass.isDone { return pooled }
    let logits = classifier(pooled)
    pass.offer(logits, as: [names.logits])
    return logits
  }

  /// The network's own names up to its last stage, `projector.…`, and the name of its last layer.
  public func visit(_ visitor: ParameterVisitor) {
    let kept = Set(base.parameters(dividedAt: lastStage).before.map(ObjectIdentifier.init))
    for (name, parameter) in base.namedParameters where kept.contains(ObjectIdentifier(parameter)) {
      visitor.visit(name, parameter)
    }
    visitor.visit(Self.point, projector)
    visitor.visit(names.logits, classifier)
  }
}
