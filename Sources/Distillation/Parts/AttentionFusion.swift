import NeuralNetworks
import Tensors

/// Attention-based fusion of a student's map with what deeper levels gave (Chen, Liu, Zhao & Jia, "Distilling Knowledge via
/// Knowledge Review", CVPR 2021, figure 3b).
package final class AttentionFusion: Module {
  private let reduction: Parameter
  private let reductionNorm: BatchNormalization2D
  private let expansion: Parameter
  private let expansionNorm: BatchNormalization2D
  private let attention: PlainConvolution?

  /// - Parameters:
  ///   - inputs: channels of the student's map.
  ///   - middle: channels of what goes from level to level.
  ///   - outputs: channels of the teacher's map.
  ///   - fuses: whether a deeper level precedes it.
  ///   - initialiser: gives the weights, uniform in ±√(3 / fan).
  package init(_ inputs: Int, middle: Int, outputs: Int, fuses: Bool, _ initialiser: Initialiser) {
    let bound = Float(3).squareRoot()
    reduction = Parameter(initialiser.uniform([middle, inputs, 1, 1], fanIn: inputs) * bound, .weight)
    reductionNorm = BatchNormalization2D(middle)
    expansion = Parameter(initialiser.uniform([outputs, middle, 3, 3], fanIn: 9 * middle) * bound, .weight)
    expansionNorm = BatchNormalization2D(outputs)
    attention = fuses ? PlainConvolution(2 * middle, 2, kernel: 1, initialiser) : nil
  }

  /// Runs one level.
  ///
  /// - Parameters:
  ///   - map: the student's, [batch, height, width, inputs].
  ///   - deeper: what the deeper level handed on, [batch, any height, any width, middle]; nil for the deepest.
  ///   - size: height and width of the teacher's map.
  ///   - pass: mode of the normalisations.
  /// - Returns: a map of the teacher's shape, and what goes to the next level.
  package func callAsFunction(_ map: Tensor, deeper: Tensor?, size: HeightWidth, _ pass: ForwardPass)
    -> (output: Tensor, handedOn: Tensor)
  {
    var x = reductionNorm(convolution(map, reduction.tensor), pass)
    if let attention, let deeper {
      let here = HeightWidth(height: x.shape[1], width: x.shape[2])
      // A kernel of one place sees the same before and after `nearest`, and has less to do before it.
      let parts = attention.parts(of: [x, deeper])
      x = blended([x, nearest(deeper, here)], by: (parts[0] + nearest(parts[1], here)).sigmoid())
    }
    x = nearest(x, size)
    return (expansionNorm(convolution(x, expansion.tensor, padding: 1), pass), x)
  }

  package func visit(_ visitor: ParameterVisitor) {
    visitor.visit("conv1.weight", reduction)
    visitor.visit("norm1", reductionNorm)
    visitor.visit("conv2.weight", expansion)
    visitor.visit("norm2", expansionNorm)
    if let attention { visitor.visit("attention", attention) }
  }
}

/// A map at another size, each place the nearest one.
private func nearest(_ map: Tensor, _ size: HeightWidth) -> Tensor {
  map.shape[1] == size.height && map.shape[2] == size.width
    ? map : resampled(map, height: size.height, width: size.width, .nearest)
}
