import NeuralNetworks
import Tensors

/// What follows the convolutions of a VGG network: one linear layer, or three with ReLU and dropout between them.
struct VGGHead {
  private let layers: [(names: [String], layer: Linear)]
  private let dropout: Float
  private let keepsGrid: Bool

  init(_ plan: VGGPlan, _ list: inout LayerList, _ initialiser: Initialiser) {
    keepsGrid = plan.keepsGrid
    dropout = plan.dropout
    let features = list.channels * (keepsGrid ? VGGPlan.grid * VGGPlan.grid : 1)
    if !plan.keepsGrid { list.vector("avgpool") }
    let widths = [features] + (plan.hidden.map { [$0, $0] } ?? []) + [plan.classes]
    layers = zip(widths, widths.dropFirst()).enumerated().map { index, extents in
      // torchvision's 0.01 suits wide layers and single ones; narrow ones would start with vanishing features.
      let isNarrow = plan.hidden != nil && !plan.keepsGrid
      let deviation = isNarrow ? (2 / Float(extents.0)).squareRoot() : 0.01
      let weight = initialiser.normal([extents.1, extents.0], deviation: deviation)
      let names = plan.hidden == nil ? ["fc", "classifier"] : ["fc\(index + 1)", "classifier.\(3 * index)"]
      return (names: names, layer: Linear(weight: weight, bias: .zeros([extents.1])))
    }
    for (index, (names, layer)) in layers.enumerated() {
      list.linear(names[1], layer, hasRelu: index < layers.count - 1)
      list.alias(names[0])
    }
  }

  func callAsFunction(_ input: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = input
    if keepsGrid {
      x = adaptiveAveragePooling(x, to: HeightWidth(height: VGGPlan.grid, width: VGGPlan.grid))
      x = flattened(x)
    } else {
      x = globalAveragePooling(x)
      pass.offer(x, as: ["avgpool"])
    }
    for (index, (names, layer)) in layers.enumerated() {
      if pass.isDone { return x }
      let output = layer(x)
      guard index < layers.count - 1 else {
        pass.offer(output, as: names, preActivation: true)
        pass.offer(output, as: names)
        return output
      }
      x = pass.activated(output, as: names)
      if pass.mode == .training { x = x.dropout(rate: dropout, random: pass.nextRandom()) }
    }
    return x
  }

  func visit(_ visitor: ParameterVisitor) {
    for (names, layer) in layers { visitor.visit(names[1], layer) }
  }
}
