import KDScope

/// A network of one's own: two convolutions, their pooled map, a linear layer.
final class OwnNetwork: Network {
  static let entry = CatalogEntry("own-network", "two convolutions, their pooled map, a linear layer")
  let specification: ModelSpecification
  let layers: [LayerDescription]
  let probePoints: [ProbePoint]
  private let (convolutions, classifier): ([Convolution2D], Linear)

  init(_ specification: ModelSpecification, _ initialiser: Initialiser) {
    self.specification = specification
    var list = LayerList(specification)
    convolutions = [16, 32].enumerated().map { place, outputs in
      let layer = Convolution2D(list.channels, outputs, kernel: 3, padding: 1, bias: true, initialiser)
      list.convolution("conv\(place + 1)", layer)
      list.point("conv\(place + 1)", recommended: true)
      list.pooled(to: list.height / 2, list.width / 2)
      return layer
    }
    list.vector("avgpool")
    classifier = Linear(list.channels, specification.classes, initialiser)
    list.linear("fc", classifier, hasRelu: false)
    (layers, probePoints) = (list.layers, list.probePoints)
  }

  func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = images
    for (place, layer) in convolutions.enumerated() {
      if pass.isDone { return x }
      x = maxPooling(pass.activated(layer(x), as: ["conv\(place + 1)"]), size: 2)
    }
    return classified(x, pass, by: classifier)
  }

  func visit(_ visitor: ParameterVisitor) {
    for (place, layer) in convolutions.enumerated() { visitor.visit("conv\(place + 1)", layer) }
    visitor.visit("fc", classifier)
  }
}
