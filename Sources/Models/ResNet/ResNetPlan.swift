import Support

/// What a residual network consists of.
struct ResNetPlan {
  /// How images enter.
  enum Stem {
    /// A 3×3 convolution: nothing is halved before the first stage.
    case small
    /// A 7×7 convolution of stride 2 and a 3×3 maximum of stride 2, for images of 224 pixels.
    case large
  }

  let stem: Stem
  /// Channels behind the stem.
  let stemChannels: Int
  /// Channels of the 3×3 convolutions of each stage; every stage but the first halves its input.
  let widths: [Int]
  /// Blocks of each stage.
  let counts: [Int]
  let hasBottlenecks: Bool
  /// Whether shortcuts that change the size are padded with zeros (option A) instead of convolved (option B).
  var padsShortcuts = false

  /// Three stages for small images (He et al., CVPR 2016, section 4.2), with `factor` times the channels of its table;
  /// RepDistiller's wide ones widen the stem to the first stage's half of that.
  static func small(depth: Int, factor: Int = 1, padsShortcuts: Bool = false) -> ResNetPlan {
    precondition(depth >= 8 && (depth - 2) % 6 == 0, "ResNet: depth \(depth) is not 6n + 2")
    return ResNetPlan(
      stem: .small, stemChannels: factor == 1 ? 16 : 8 * factor, widths: [16, 32, 64].map { factor * $0 },
      counts: Array(repeating: (depth - 2) / 6, count: 3), hasBottlenecks: false, padsShortcuts: padsShortcuts)
  }

  /// Blocks of the four stages of the networks of He et al., CVPR 2016, table 1.
  static let stages = [
    18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3],
  ]

  /// Four stages, torchvision's network behind the large stem.
  static func large(depth: Int, _ specification: ModelSpecification) -> ResNetPlan {
    guard let counts = stages[depth] else { preconditionFailure("ResNet: depth \(depth)") }
    return ResNetPlan(
      stem: specification.hasLargeImages ? .large : .small, stemChannels: 64, widths: [64, 128, 256, 512],
      counts: counts, hasBottlenecks: depth >= 50)
  }
}

extension ModelSpecification {
  /// Whether the stem of networks for 224 pixels is used, which divides the extents by four: option `stem`, or from 128
  /// pixels on.
  var hasLargeImages: Bool {
    switch text("stem") {
    case "large": true
    case "small": false
    default: min(height, width) >= 128
    }
  }

  /// The same network for images of another size: the stem and the grid stay, where the size would decide them.
  ///
  /// - Parameter size: of the images; nil to leave it.
  /// - Returns: the specification at that size.
  /// - Throws: ``InputError`` for a name that does not exist.
  public func keepingForm(at size: (height: Int, width: Int)?) throws -> ModelSpecification {
    guard let size else { return self }
    func resized(_ options: [String: OptionValue]) -> ModelSpecification {
      ModelSpecification(
        name, classes: classes, channels: channels, height: size.height, width: size.width, options: options)
    }
    let other = resized(options)
    let known = try ModelCatalog.entry(name, at: "model").options.map(\.name)
    var options = options
    if known.contains("stem"), other.hasLargeImages != hasLargeImages {
      options["stem"] = .text(hasLargeImages ? "large" : "small")
    }
    if known.contains("grid"), other.hasGrid != hasGrid { options["grid"] = .flag(hasGrid) }
    return resized(options)
  }
}

extension OptionDescription {
  /// The option `stem` of networks that were made for 224 pixels.
  static func stem(small: String) -> OptionDescription {
    OptionDescription(
      "stem", .choice(["auto", "small", "large"]), default: .text("auto"),
      "small: \(small); large: as at 224 pixels; auto: large from 128 pixels on")
  }
}
