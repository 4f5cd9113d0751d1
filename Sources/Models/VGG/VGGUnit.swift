import NeuralNetworks
import Tensors

/// One 3×3 convolution of a VGG network with its ReLU, and batch normalisation between them where there is any.
struct VGGUnit {
  private enum Layer {
    case plain(Convolution2D)
    case normalized(NormalizedConvolution)
  }

  let step: VGGPlan.Step
  private let layer: Layer

  init(_ step: VGGPlan.Step, inputs: Int, isNormalized: Bool, _ initialiser: Initialiser) {
    self.step = step
    layer =
      isNormalized
      ? .normalized(NormalizedConvolution(inputs, step.outputs, bias: true, initialiser))
      : .plain(Convolution2D(inputs, step.outputs, kernel: 3, padding: 1, bias: true, initialiser))
  }

  private var names: [String] { [step.name] + (step.stage.map { [$0] } ?? []) }

  func describe(_ list: inout LayerList) {
    switch layer {
    case .plain(let convolution): list.convolution(step.name, convolution)
    case .normalized(let unit): list.convolution(step.name, unit.convolution, normalization: step.normalization)
    }
    list.point(step.name, recommended: step.isRecommended)
    if let stage = step.stage { list.alias(stage) }
  }

  func callAsFunction(_ x: Tensor, _ pass: ForwardPass) -> Tensor {
    switch layer {
    case .plain(let convolution): convolution.activated(x, pass, as: names)
    case .normalized(let unit): unit(x, pass, as: names)
    }
  }

  func visit(_ visitor: ParameterVisitor) {
    switch layer {
    case .plain(let convolution): visitor.visit(step.name, convolution)
    case .normalized(let unit):
      unit.visit(visitor, convolution: step.name, normalization: step.normalization)
    }
  }
}
