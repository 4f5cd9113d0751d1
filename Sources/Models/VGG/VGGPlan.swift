import Support

/// What a VGG network consists of, from its depth and options.
struct VGGPlan {
  /// One convolution: its names, its channels, and whether a 2×2 maximum follows.
  struct Step {
    let name: String
    let normalization: String
    /// Name of the stage where the convolution ends one that can be named.
    let stage: String?
    let outputs: Int
    let poolsAfter: Bool
    let isRecommended: Bool
  }

  /// Depths that exist.
  static let depths = [8, 11, 13, 16, 19]
  /// Height and width of torchvision's grid before the linear layers.
  static let grid = 7
  private static let counts = [
    8: [1, 1, 1, 1, 1], 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4],
  ]

  let convolutions: [Step]
  let isNormalized: Bool
  let halvings: Int
  /// Whether the head has torchvision's 7×7 grid instead of a global mean.
  let keepsGrid: Bool
  /// Width of the hidden fully connected layers; nil for one linear layer.
  let hidden: Int?
  let dropout: Float
  let classes: Int

  /// Height and width of the smallest images.
  var smallest: Int { 1 << halvings }

  init(depth: Int, _ specification: ModelSpecification) {
    guard let counts = VGGPlan.counts[depth] else { preconditionFailure("VGG: depth \(depth)") }
    let hasBlocks = depth == 8 || specification.text("layout") == "repdistiller"
    isNormalized = specification.flag("batch-norm") ?? (depth == 8)
    halvings = !hasBlocks ? 5 : specification.height >= 64 ? 4 : 3
    var steps: [Step] = []
    var index = 0
    for (stage, count) in counts.enumerated() {
      let outputs = specification.scaled([64, 128, 256, 512, 512][stage])
      if hasBlocks { index = 0 }
      for place in 0..<count {
        let isLast = place == count - 1
        let prefix = hasBlocks ? "block\(stage)" : "features"
        steps.append(
          Step(
            name: "\(prefix).\(index)", normalization: "\(prefix).\(index + 1)",
            stage: hasBlocks && isLast ? prefix : nil, outputs: outputs, poolsAfter: isLast && stage < halvings,
            isRecommended: isLast && (hasBlocks || stage == 4)))
        // PyTorch numbers normalisation, ReLU and pooling too.
        index += (isNormalized ? 3 : 2) + (!hasBlocks && isLast ? 1 : 0)
      }
    }
    convolutions = steps
    keepsGrid = !hasBlocks && specification.hasGrid
    hidden = specification.integer("hidden") ?? (hasBlocks ? nil : keepsGrid ? 4096 : 512)
    dropout = Float(specification.number("dropout") ?? 0.5)
    classes = specification.classes
  }
}

extension ModelSpecification {
  /// Whether a VGG network has torchvision's grid before its linear layers: option `grid`, or where halving leaves it.
  var hasGrid: Bool { flag("grid") ?? (height / 32 == VGGPlan.grid && width / 32 == VGGPlan.grid) }
}
