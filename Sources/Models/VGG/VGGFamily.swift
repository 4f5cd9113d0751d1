import Support

extension ModelFamily {
  /// VGG-8 … VGG-19.
  static let vgg = ModelFamily(
    title: "VGG networks",
    entries: VGGPlan.depths.map(vggEntry),
    refusal: { name in
      number(in: name, after: "vgg").map { depth in
        ("VGG depth \(depth) does not exist", "depths are " + VGGPlan.depths.map(String.init).joined(separator: ", "))
      }
    },
    ends: [
      ("features.0.weight", "classifier.6.weight"), ("block0.0.weight", "classifier.weight"),
      ("block0.0.weight", "classifier.6.weight"),
    ],
    guess: guessedVGG,
    build: { specification, initialiser, place in
      guard let depth = number(in: specification.name, after: "vgg") else {
        preconditionFailure("no VGG: \(specification.name)")
      }
      return try VGG(depth: depth, specification, initialiser, at: place)
    })

  private static func vggEntry(_ depth: Int) -> CatalogEntry {
    let layout = OptionDescription(
      "layout", .choice(["torchvision", "repdistiller"]), default: .text("torchvision"),
      "five halvings and three linear layers, or three halvings and one linear layer as in studies on 32 pixels")
    let options = [
      OptionDescription(
        "batch-norm", .flag, default: .flag(depth == 8), "batch normalisation behind every convolution"),
      OptionDescription(
        "width", .number(0.0625...1), default: .number(1),
        "factor of all channels of convolutions, rounded to a multiple of 4"),
      OptionDescription(
        "hidden", .integer(4...16_384),
        depth == 8
          ? "width of two hidden linear layers; without it there is one linear layer, as published"
          : "width of the two hidden linear layers; without it 4096 at 224 pixels, 512 elsewhere"),
      OptionDescription(
        "dropout", .number(0...0.95), default: .number(0.5),
        "share of fully connected features set to zero in training"),
    ]
    let grid = OptionDescription(
      "grid", .flag,
      "7×7 cells before the linear layers, torchvision's at every size, instead of one; without it from 224 to 255 pixels "
        + "(layout torchvision)")
    guard depth > 8 else {
      return CatalogEntry(
        "vgg8", "VGG-8 for 32 pixels: five convolutions, three halvings, one linear layer",
        paper: "Tian et al., Contrastive Representation Distillation, ICLR 2020; after Simonyan & Zisserman, ICLR 2015",
        options: options)
    }
    let letter = [11: "A", 13: "B", 16: "D", 19: "E"][depth] ?? ""
    return CatalogEntry(
      "vgg\(depth)",
      "VGG-\(depth) with three fully connected layers; torchvision's network at 224 pixels, a narrow head below",
      paper: "Simonyan & Zisserman, Very Deep Convolutional Networks, ICLR 2015, configuration \(letter)",
      options: [layout, grid] + options)
  }

  /// The options are in the shapes; a 7×7 grid before the head is torchvision's, which belongs to 224 pixels.
  private static func guessedVGG(_ file: ForeignTensors) -> (options: [String: OptionValue], size: Int) {
    let hasBlocks = file.shape("block0.0.weight") != nil
    let prefix = hasBlocks ? "block0" : "features"
    // A hostile file may claim anything; what no option allows is left to the comparison of shapes.
    let channels = min(64, max(4, file.shape("\(prefix).0.weight")?.first ?? 64))
    let hidden = file.shape("classifier.6.weight")?.last.map { min(16_384, max(4, $0)) }
    let hasGrid = (file.shape("classifier.0.weight")?.last ?? 0) > 48 * 8 * channels
    var options: [String: OptionValue] = [:]
    if file.shape("\(prefix).1.running_mean") != nil { options["batch-norm"] = .flag(true) }
    if channels != 64 { options["width"] = .number(Double(channels) / 64) }
    if let hidden, hidden != (hasGrid ? 4096 : 512) || hasBlocks { options["hidden"] = .number(Double(hidden)) }
    if hasBlocks, file.model != "vgg8" { options["layout"] = .text("repdistiller") }
    if file.model == "vgg8", options["batch-norm"] == nil { options["batch-norm"] = .flag(false) }
    return (options, hasGrid ? 224 : 32)
  }
}
