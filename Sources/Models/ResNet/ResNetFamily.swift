import Support

extension ModelFamily {
  /// `resnet8` … `resnet110`, the networks for small images, and RepDistiller's four times as wide ones.
  static let smallResNet = ModelFamily(
    title: "residual networks for small images",
    entries: ResNet.depths.map { depth in
      CatalogEntry(
        "resnet\(depth)", "residual network for small images, \(depth) layers, 16/32/64 channels",
        paper: "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2",
        options: [
          OptionDescription(
            "shortcut", .choice(["conv", "pad"]), default: .text("conv"), isImplicit: true,
            "where the size changes: conv, a 1×1 convolution (option B); pad, every second pixel and zero channels "
              + "(option A, without parameters)")
        ])
    }
      + [8, 32].map { depth in
        CatalogEntry(
          "resnet\(depth)x4", "ResNet-\(depth) for small images with 64/128/256 channels, 32 behind the stem",
          paper: "Tian et al., Contrastive Representation Distillation, ICLR 2020; after He et al., CVPR 2016")
      },
    refusal: { name in
      number(in: name, after: "resnet").map { depth in
        (
          "ResNet depth \(depth) does not exist",
          "depths are 6n+2: " + ResNet.depths.map(String.init).joined(separator: ", ")
            + ", and for large images " + ResNetPlan.stages.keys.sorted().map(String.init).joined(separator: ", ")
        )
      }
    },
    guess: { file in
      // Without a convolution at the first block that halves, the shortcuts have no parameters.
      let isPadded = file.shape("layer2.0.downsample.0.weight") == nil && !file.model.hasSuffix("x4")
      return (isPadded ? ["shortcut": .text("pad")] : [:], 32)
    },
    build: { specification, initialiser, _ in
      let name = specification.name
      let isWide = name.hasSuffix("x4")
      guard let depth = number(in: isWide ? String(name.dropLast(2)) : name, after: "resnet") else {
        preconditionFailure("no ResNet: \(name)")
      }
      return ResNet(
        .small(depth: depth, factor: isWide ? 4 : 1, padsShortcuts: specification.text("shortcut") == "pad"),
        specification, initialiser)
    })

  /// `resnet18` … `resnet152`, torchvision's networks.
  static let largeResNet = ModelFamily(
    title: "residual networks for ImageNet",
    entries: ResNetPlan.stages.keys.sorted().map { depth in
      CatalogEntry(
        "resnet\(depth)",
        "ResNet-\(depth) with four stages; torchvision's at 224 pixels, a 3×3 stem without pooling below 128",
        paper: "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, table 1",
        options: [.stem(small: "a 3×3 convolution, no pooling")])
    },
    guess: { file in
      let isLarge = file.shape("conv1.weight")?.last == 7
      return ([:], isLarge ? 224 : 32)
    },
    build: { specification, initialiser, _ in
      guard let depth = number(in: specification.name, after: "resnet") else {
        preconditionFailure("no ResNet: \(specification.name)")
      }
      return ResNet(.large(depth: depth, specification), specification, initialiser)
    })
}
