import NeuralNetworks
import Support
import Tensors

/// The plain networks of Mirzadeh et al. ("Improved Knowledge Distillation via Teacher Assistant", AAAI 2020), as their code
/// builds them: 3×3 convolutions with bias, batch normalisation and ReLU, 2×2 maxima, and one or two linear layers on all
/// that is left of the map.
public final class TAKDPlain: Network {
  /// Sizes that exist; the name counts convolutions, and from 8 on not exactly.
  public static let sizes = [2, 4, 6, 8, 10]

  /// The layers in the order of the paper's tables: C16 a convolution to 16 channels, M a halving, F64 a linear layer; the
  /// last linear layer, to the classes, is not written.
  private static let plans: [Int: (cifar10: String, cifar100: String)] = [
    2: ("C16 M C16 M", "C32 M C32 M"),
    4: ("C16 C16 M C32 C32 M", "C32 C32 M C64 C64 M"),
    6: ("C16 C16 M C32 C32 M C64 C64 M", "C32 C32 M C64 C64 M C128 C128"),
    8: ("C16 C16 M C32 C32 M C64 C64 M C128 C128 M F64", "C32 C32 M C64 C64 M C128 C128 M C256 C256 M F64"),
    10: (
      "C32 C32 M C64 C64 M C128 C128 M C256 C256 C256 C256 M F128",
      "C32 C32 M C64 C64 M C128 C128 M C256 C256 C256 C256 M F512"
    ),
  ]

  /// What the network is.
  public let specification: ModelSpecification
  /// All layers with weights, in forward order.
  public let layers: [LayerDescription]
  /// `conv1` …, `fc1`, and `fc2` where there is one; the last convolution before a halving is recommended.
  public let probePoints: [ProbePoint]
  private let convolutions: PlainStages
  private let linear: [Linear]

  /// The layers of a size for a number of classes.
  static func plan(_ size: Int, classes: Int) -> [Substring] {
    guard let plan = plans[size] else { preconditionFailure("TAKDPlain: size \(size)") }
    return (classes < 100 ? plan.cifar10 : plan.cifar100).split(separator: " ")
  }

  /// - Parameters:
  ///   - size: 2, 4, 6, 8 or 10.
  ///   - specification: classes and input size, option `width`.
  ///   - initialiser: gives the weights.
  public init(size: Int, _ specification: ModelSpecification, _ initialiser: Initialiser) {
    self.specification = specification
    var list = LayerList(specification)
    var convolutions = PlainStages()
    var hidden: [Int] = []
    let plan = TAKDPlain.plan(size, classes: specification.classes)
    for (place, layer) in plan.enumerated() {
      guard let width = Int(layer.dropFirst()) else { continue }
      guard layer.first == "C" else {
        hidden.append(width)
        continue
      }
      let next = place + 1 < plan.count ? plan[place + 1].first : nil
      convolutions.append(
        to: &list, NormalizedConvolution(list.channels, specification.scaled(width), bias: true, initialiser),
        isRecommended: next != "C", poolsAfter: next == "M")
    }
    self.convolutions = convolutions
    let widths = [list.height * list.width * list.channels] + hidden + [specification.classes]
    linear = zip(widths, widths.dropFirst()).map { Linear($0, $1, initialiser) }
    for (index, layer) in linear.enumerated() {
      list.linear("fc\(index + 1)", layer, hasRelu: index < linear.count - 1)
    }
    layers = list.layers
    probePoints = list.probePoints
  }

  /// [batch, height, width, channels] → logits [batch, classes].
  public func callAsFunction(_ images: Tensor, _ pass: ForwardPass) -> Tensor {
    var x = convolutions(images, pass)
    if pass.isDone { return x }
    x = flattened(x)
    for (index, layer) in linear.enumerated() {
      if pass.isDone { return x }
      let name = "fc\(index + 1)"
      guard index == linear.count - 1 else {
        x = pass.activated(layer(x), as: [name])
        continue
      }
      x = layer(x)
      pass.offer(x, as: [name], preActivation: true)
      pass.offer(x, as: [name])
    }
    return x
  }

  /// `conv1 bn1 … fc1`, and `fc2` where there is one.
  public func visit(_ visitor: ParameterVisitor) {
    convolutions.visit(visitor)
    for (index, layer) in linear.enumerated() { visitor.visit("fc\(index + 1)", layer) }
  }
}

extension ModelFamily {
  /// `plain2` … `plain10`.
  static let takd = ModelFamily(
    title: "plain networks of teacher assistants",
    entries: TAKDPlain.sizes.map { size in
      CatalogEntry(
        "plain\(size)", "plain network of size \(size), as in the studies of teacher assistants",
        paper: "Mirzadeh et al., Improved Knowledge Distillation via Teacher Assistant, AAAI 2020",
        facts: [("widths", "those for CIFAR-10 below 100 classes, else those for CIFAR-100")],
        options: [
          OptionDescription(
            "width", .number(0.125...1), default: .number(1),
            "factor of all channels of convolutions, rounded to a multiple of 4")
        ])
    },
    refusal: { name in
      number(in: name, after: "plain").map { size in
        (
          "a plain network of size \(size) does not exist",
          "there are " + TAKDPlain.sizes.map(String.init).joined(separator: ", ")
        )
      }
    },
    ends: [("conv1.weight", "fc1.weight"), ("conv1.weight", "fc2.weight")],
    build: { specification, initialiser, place in
      guard let size = number(in: specification.name, after: "plain") else {
        preconditionFailure("no plain network: \(specification.name)")
      }
      let halvings = TAKDPlain.plan(size, classes: specification.classes).count { $0 == "M" }
      try specification.require(1 << halvings, at: place)
      return TAKDPlain(size: size, specification, initialiser)
    })
}
