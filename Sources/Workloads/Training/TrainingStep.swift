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
  public init(batch: Int = 64, size: Int = 32) {
    self.batch = batch
    network = ResNet(
      depth: 20, ModelSpecification("resnet20", classes: 10, height: size, width: size), Initialiser(seed: 1))
    optimizer = SGD(
      [ParameterGroup(network.trainableParameters, weightDecay: 5e-4)], momentum: 0.9, nesterov: true)
    images = Tensor.normal([batch, size, size, 3], Philox(seed: 2))
    labels = (0..<batch).map { $0 % 10 }
  }

  /// One whole step.
  ///
  /// - Returns: the loss before the update.
  @discardableResult
  public func step() -> Float {
    let loss = crossEntropy(network(images, ForwardPass(.training)), labels)
    let list = gradients(of: loss, with: optimizer.parameters.map(\.tensor))
    optimizer.step(list, learningRate: 0.01)
    return loss.item
  }
}
