import Models
import NeuralNetworks
import Tensors

/// One training step of ResNet-20 on fixed random images: forward, cross-entropy, backward, SGD with momentum.
public final class TrainingStep {
  private let network: any Network
  private let optimizer: SGD
  private let images: Tensor
  private let labels: [Int]
  /// Images per step.
  public let batch: Int

  /// - Parameters:
  ///   - batch: images per step.
  ///   - size: height and width of the images.
  public convenience init(batch: Int = 64, size: Int = 32) {
    self.init(batch: batch, ModelSpecification("resnet20", classes: 10, height: size, width: size))
  }

  /// - Parameters:
  ///   - batch: images per step.
  ///   - specification: classes, colours and size of the images.
  public init(batch: Int, _ specification: ModelSpecification) {
    self.batch = batch
    network = ResNet(depth: 20, specification, Initialiser(seed: 1))
    optimizer = SGD(
      [ParameterGroup(network.trainableParameters, weightDecay: 5e-4)], momentum: 0.9, nesterov: true)
    images = Tensor.normal(
      [batch, specification.height, specification.width, specification.channels], Philox(seed: 2))
    labels = (0..<batch).map { $0 % specification.classes }
  }

  /// One whole step.
  ///
  /// - Returns: the loss before the update.
  @discardableResult
  public func step() -> Float { step(images, labels) }

  /// One whole step on given images.
  ///
  /// - Parameters:
  ///   - images: [n, H, W, C], normalised.
  ///   - labels: class of each.
  /// - Returns: the loss before the update.
  @discardableResult
  public func step(_ images: Tensor, _ labels: [Int]) -> Float {
    let loss = crossEntropy(network(images, ForwardPass(.training)), labels)
    let list = gradients(of: loss, with: optimizer.parameters.map(\.tensor))
    optimizer.step(list, learningRate: 0.01)
    return loss.item
  }
}
