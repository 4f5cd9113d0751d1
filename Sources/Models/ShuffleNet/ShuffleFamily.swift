import Support

extension ModelFamily {
  /// `shufflenet-v1` and the four widths of ShuffleNetV2.
  static let shuffle = ModelFamily(
    title: "ShuffleNets",
    entries: [
      CatalogEntry(
        "shufflenet-v1", "ShuffleNet with three groups for 32 pixels, as in distillation studies",
        paper: "Zhang et al., ShuffleNet, CVPR 2018; as in Tian et al., ICLR 2020")
    ]
      + ["0.5", "1.0", "1.5", "2.0"].map { factor in
        CatalogEntry(
          "shufflenet-v2" + (factor == "1.0" ? "" : "-x\(factor)"),
          "ShuffleNetV2 ×\(factor); torchvision's at 224 pixels, a 1×1 stem without pooling below 128",
          paper: "Ma et al., ShuffleNet V2, ECCV 2018; at 32 pixels as in Tian et al., ICLR 2020",
          options: [.stem(small: "a 1×1 convolution, no pooling")])
      },
    ends: [("conv1.weight", "linear.weight"), ("conv1.0.weight", "fc.weight")],
    guess: { file in ([:], file.shape("conv1.0.weight")?.last == 3 ? 224 : 32) },
    build: { specification, initialiser, _ in
      let name = specification.name
      if name == "shufflenet-v1" { return ShuffleNetV1(specification, initialiser) }
      let factor = name == "shufflenet-v2" ? "1.0" : String(name.dropFirst("shufflenet-v2-x".count))
      return ShuffleNetV2(factor: factor, specification, initialiser)
    })
}
