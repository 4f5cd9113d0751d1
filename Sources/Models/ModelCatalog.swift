import NeuralNetworks
import Support

/// The networks that KDScope can build.
public enum ModelCatalog {
  /// One entry per network.
  public static let entries: [CatalogEntry] =
    PlainCNN.depths.map { depth in
      CatalogEntry(
        "cnn\(depth)", "plain network with \(depth) convolutions and batch normalisation",
        paper: "in the manner of Mirzadeh et al., Improved Knowledge Distillation via Teacher Assistant, AAAI 2020")
    }
    + ResNet.depths.map { depth in
      CatalogEntry(
        "resnet\(depth)", "residual network for small images, \(depth) layers, 16/32/64 channels, 1×1 shortcuts",
        paper: "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2")
    }
    + [
      CatalogEntry(
        "vgg11", "VGG-11 with three fully connected layers; torchvision's network at 224 pixels, a narrow head below",
        paper: "Simonyan & Zisserman, Very Deep Convolutional Networks, ICLR 2015, configuration A",
        options: [
          OptionDescription(
            "dropout", .number(0...0.95), default: .number(0.5),
            "share of fully connected features set to zero in training"
          )
        ])
    ]

  /// Builds a network with fresh weights.
  ///
  /// - Parameters:
  ///   - specification: name, classes, input size, options.
  ///   - seed: decides the weights.
  ///   - place: where the name stands, for the error line.
  /// - Returns: the network, trainable.
  /// - Throws: ``InputError`` for a name that does not exist, an impossible depth or images that are too small.
  public static func build(_ specification: ModelSpecification, seed: UInt64, at place: String = "model") throws
    -> any Network
  {
    let initialiser = Initialiser(seed: seed)
    let name = specification.name
    try check(name, at: place)
    if let depth = depth(of: name, after: "resnet") { return ResNet(depth: depth, specification, initialiser) }
    if let depth = depth(of: name, after: "cnn") {
      let smallest = 1 << (PlainCNN.stages[depth]?.count ?? 0)
      guard min(specification.height, specification.width) >= smallest else {
        throw InputError(
          place, "images of \(specification.height)×\(specification.width) pixels are too small for \(name)",
          remedy: "use at least \(smallest)×\(smallest)")
      }
      return PlainCNN(depth: depth, specification, initialiser)
    }
    return try VGG11(specification, initialiser, at: place)
  }

  /// Checks a name; for a depth that does not exist it says which ones do.
  ///
  /// - Throws: ``InputError``.
  public static func check(_ name: String, at place: String) throws {
    guard !entries.contains(where: { $0.name == name }) else { return }
    if let depth = depth(of: name, after: "resnet") {
      throw InputError(
        place, "ResNet depth \(depth) does not exist",
        remedy: "depths are 6n+2: " + ResNet.depths.map(String.init).joined(separator: ", "))
    }
    if let depth = depth(of: name, after: "cnn") {
      throw InputError(
        place, "a plain network with \(depth) convolutions does not exist",
        remedy: "there are " + PlainCNN.depths.map(String.init).joined(separator: ", "))
    }
    throw InputError(place, "there is no model '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
  }

  private static func depth(of name: String, after prefix: String) -> Int? {
    let digits = name.dropFirst(prefix.count)
    return name.hasPrefix(prefix) && digits.allSatisfy(\.isWholeNumber) ? Int(digits) : nil
  }
}
