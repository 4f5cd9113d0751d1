import NeuralNetworks
import Tensors

/// A 1×1 convolution with batch normalisation that brings a student's map to the teacher's channels.
final class Connector: Module {
  private let weight: Parameter
  private let normalization: BatchNormalization2D

  /// - Parameters:
  ///   - inputs: the student's channels.
  ///   - outputs: the teacher's channels.
  ///   - initialiser: gives the weights.
  ///   - isHeNormal: whether they are He-normal over the outputs rather than PyTorch's default.
  init(_ inputs: Int, _ outputs: Int, _ initialiser: Initialiser, isHeNormal: Bool = false) {
    let shape: Shape = [outputs, inputs, 1, 1]
    weight = Parameter(
      isHeNormal ? initialiser.heNormalOutputs(shape) : initialiser.uniform(shape, fanIn: inputs), .weight)
    normalization = BatchNormalization2D(outputs)
  }

  /// [batch, height, width, inputs] → [batch, height, width, outputs].
  func callAsFunction(_ map: Tensor, _ pass: ForwardPass, relu: Bool = false) -> Tensor {
    normalization(convolution(map, weight.tensor), pass, relu: relu)
  }

  func visit(_ visitor: ParameterVisitor) {
    visitor.visit("weight", weight)
    visitor.visit("norm", normalization)
  }
}
