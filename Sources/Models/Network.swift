import NeuralNetworks
import Support
import Tensors

/// What a network is: enough to build it again from a checkpoint alone.
public struct ModelSpecification: Hashable, Sendable, Codable {
  /// Name in the catalogue, such as `resnet20`.
  public let name: String
  /// Number of classes.
  public let classes: Int
  /// Colours of the input.
  public let channels: Int
  /// Height of the input in pixels.
  public let height: Int
  /// Width of the input in pixels.
  public let width: Int
  /// The model's options, defaults filled in.
  public let options: [String: OptionValue]

  /// - Parameters:
  ///   - name: name in the catalogue.
  ///   - classes: number of classes.
  ///   - channels: colours of the input.
  ///   - height: height of the input in pixels.
  ///   - width: width of the input in pixels.
  ///   - options: the model's options.
  public init(
    _ name: String, classes: Int, channels: Int = 3, height: Int = 32, width: Int = 32,
    options: [String: OptionValue] = [:]
  ) {
    self.name = name
    self.classes = classes
    self.channels = channels
    self.height = height
    self.width = width
    self.options = options
  }
}

/// One layer as `probe summary` lists it.
public struct LayerDescription: Sendable, Equatable {
  /// Full name, as in checkpoints.
  public let name: String
  /// What it is, such as `convolution 3×3, stride 2`.
  public let kind: String
  /// Output without the batch axis: [height, width, channels] or [features].
  public let output: Shape
  /// Trainable values.
  public let parameters: Int
  /// Multiply–accumulate operations for one image.
  public let multiplications: Int
  /// Whether it is a convolution or a linear layer; its weight is then `NAME.weight`.
  public let isWeighted: Bool
  /// How many rows and columns of pixels one of its outputs depends on, padding included.
  public let receptiveField: HeightWidth
}

/// A place where features can be taken.
public struct ProbePoint: Sendable, Equatable {
  /// Name for recipes and ``FeaturePoint``.
  public let name: String
  /// Feature without the batch axis: [height, width, channels] or [features].
  public let output: Shape
  /// Whether the layer ends in a ReLU, so that the feature can be taken before it too.
  public let hasRelu: Bool
  /// Whether measurements usually look here: ends of stages, fully connected layers.
  public let isRecommended: Bool
  /// How many entries of ``Network/layers``, from the first, the feature depends on.
  public let layerCount: Int

  /// - Parameters: as the properties.
  public init(name: String, output: Shape, hasRelu: Bool, isRecommended: Bool, layerCount: Int = 0) {
    self.name = name
    self.output = output
    self.hasRelu = hasRelu
    self.isRecommended = isRecommended
    self.layerCount = layerCount
  }
}

/// A network that classifies images, or other samples.
public protocol Network: Module {
  /// What the network is.
  var specification: ModelSpecification { get }
  /// What one sample is that it takes; the image of its specification unless it says otherwise.
  var signature: InputSignature { get }
  /// All layers with weights, in forward order.
  var layers: [LayerDescription] { get }
  /// Where features can be taken, in forward order.
  var probePoints: [ProbePoint] { get }

  /// A batch of samples, such as images [batch, height, width, channels], normalised → logits [batch, classes].
  func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor
}

extension Network {
  /// The image of its specification.
  public var signature: InputSignature { specification.image }

  /// Logits in evaluation mode, off the tape.
  public func logits(_ images: Tensor) -> Tensor { withoutRecording { self(images, ForwardPass(.evaluation)) } }

  /// The feature at a point in evaluation mode; layers behind it do not run.
  ///
  /// On the tape if the images are, so that gradients with respect to the images can be had.
  public func feature(_ point: FeaturePoint, of images: Tensor) -> Tensor {
    let pass = ForwardPass(.evaluation, features: [point], stopsWhenFound: true)
    _ = self(images, pass)
    return pass.feature(point)
  }

  /// Multiply–accumulate operations for one image.
  public var multiplications: Int { layers.reduce(0) { $0 + $1.multiplications } }

  /// The probe point of a name.
  ///
  /// - Throws: ``InputError`` that names the nearest points.
  public func probePoint(_ name: String, at place: String) throws -> ProbePoint {
    guard let point = probePoints.first(where: { $0.name == name }) else {
      throw InputError(
        place, "\(specification.name) has no layer '\(name)'", remedy: nearest(name, in: probePoints.map(\.name)))
    }
    return point
  }

  /// Ends of all stages, shallow first: the recommended maps.
  public var stages: [ProbePoint] { probePoints.filter { $0.isRecommended && $0.output.rank == 3 } }

  /// The end of the last stage: where concepts are counted unless a recipe says otherwise.
  public var lastStage: ProbePoint {
    guard let point = stages.last else {
      preconditionFailure("\(specification.name) has no stage")
    }
    return point
  }
}
