import NeuralNetworks
import Tensors

/// The convolutions of a plain network, one behind the other, some with a 2×2 maximum behind them: `conv1 bn1`, `conv2 bn2` …
struct PlainStages {
  private var units: [(unit: NormalizedConvolution, poolsAfter: Bool)] = []

  /// Adds a convolution behind the others.
  ///
  /// - Parameters:
  ///   - list: the network's layers so far.
  ///   - unit: takes the channels of the last one.
  ///   - isRecommended: whether features of it are recommended for measurements.
  ///   - poolsAfter: whether a maximum follows.
  mutating func append(
    to list: inout LayerList, _ unit: NormalizedConvolution, isRecommended: Bool, poolsAfter: Bool
  ) {
    let number = units.count + 1
    list.convolution("conv\(number)", unit.convolution, normalization: "bn\(number)")
    list.point("conv\(number)", recommended: isRecommended)
    if poolsAfter { list.pooled(to: list.height / 2, list.width / 2) }
    units.append((unit: unit, poolsAfter: poolsAfter))
  }

  /// [batch, height, width, channels] → the last map, or that of the last wanted feature.
  func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = images
    for (index, (unit, poolsAfter)) in units.enumerated() {
      if pass.isDone { return x }
      x = unit(x, pass, as: ["conv\(index + 1)"])
      if poolsAfter { x = maxPooling(x, size: 2) }
    }
    return x
  }

  func visit(_ visitor: ParameterVisitor) {
    for (index, (unit, _)) in units.enumerated() {
      unit.visit(visitor, convolution: "conv\(index + 1)", normalization: "bn\(index + 1)")
    }
  }
}
