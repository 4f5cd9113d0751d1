import Support

extension ModelFamily {
  /// `resnet8` … `resnet110`, the networks for small images.
  static let smallResNet = ModelFamily(
    entries: ResNet.depths.map { depth in
      CatalogEntry(
        "resnet\(depth)", "residual network for small images, \(depth) layers, 16/32/64 channels, 1×1 shortcuts",
        paper: "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2")
    },
    refusal: { name in
      number(in: name, after: "resnet").map { depth in
        (
          "ResNet depth \(depth) does not exist",
          "depths are 6n+2: " + ResNet.depths.map(String.init).joined(separator: ", ")
        )
      }
    },
    build: { specification, initialiser, _ in
      guard let depth = number(in: specification.name, after: "resnet") else {
        preconditionFailure("no ResNet: \(specification.name)")
      }
      return ResNet(depth: depth, specification, initialiser)
    })
}
