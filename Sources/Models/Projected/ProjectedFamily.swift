import NeuralNetworks
import Support
import Tensors

/// What is added to the name and the options of a network that is projected to another one's classifier.
extension ModelFamily {
  private static let ending = "-simkd"
  private static let projectorChannels = OptionKey.integer(
    "projector-channels", 1...4096, default: 64, "channels that the projector ends with")
  private static let projectorFactor = OptionKey.integer(
    "projector-factor", 1...64, default: 2, "what they are divided by in between; no unit")
  private static let projectorHeight = OptionKey.integer(
    "projector-height", 1...65_536, default: 8, "a taller map is pooled to this, in places")
  private static let projectorWidth = OptionKey.integer(
    "projector-width", 1...65_536, default: 8, "a wider map is pooled to this, in places")
  private static let options = [
    projectorChannels.option, projectorFactor.option, projectorHeight.option, projectorWidth.option,
  ]

  /// Students of SimKD: any other network with `-simkd` behind its name. No list shows them; checkpoints hold them.
  static let projected = ModelFamily(
    title: "networks with a projector and a teacher's classifier", entries: [],
    unlisted: { name in
      guard let base = baseName(name), let entry = try? ModelCatalog.entry(base, at: "model") else { return nil }
      return CatalogEntry(
        name, entry.summary + ", with a projector and a teacher's classifier",
        paper: "Chen et al., Knowledge Distillation with the Reused Teacher Classifier, CVPR 2022",
        options: entry.options + options)
    }, ends: [],
    build: { specification, initialiser, place in
      guard let base = baseName(specification.name) else {
        preconditionFailure("no projected network: \(specification.name)")
      }
      let own = ModelSpecification(
        base, classes: specification.classes, channels: specification.channels, height: specification.height,
        width: specification.width,
        options: specification.options.filter { name, _ in !options.contains { $0.name == name } })
      let values = try Options(
        specification.options.filter { name, _ in options.contains { $0.name == name } },
        for: CatalogEntry(specification.name, "", options: options), at: place)
      let target = ProjectedNetwork.Target(
        size: HeightWidth(height: values[projectorHeight], width: values[projectorWidth]),
        channels: values[projectorChannels], factor: values[projectorFactor])
      return ProjectedNetwork(
        try ModelCatalog.build(own, initialiser.afresh, at: place), to: target, initialiser)
    })

  /// The specification of a network with a projector to a target.
  static func projected(_ base: ModelSpecification, _ target: ProjectedNetwork.Target) -> ModelSpecification {
    let values = [target.channels, target.factor, target.size.height, target.size.width]
    return ModelSpecification(
      base.name + ending, classes: base.classes, channels: base.channels, height: base.height, width: base.width,
      options: base.options.merging(zip(options, values).map { ($0.name, .number(Double($1))) }) { $1 })
  }

  /// The name before the ending; nil where there is none, or two.
  private static func baseName(_ name: String) -> String? {
    guard name.hasSuffix(ending) else { return nil }
    let base = String(name.dropLast(ending.count))
    return base.hasSuffix(ending) ? nil : base
  }
}
