import Distillation
import Experiments
import Models
import Support

/// A vocabulary that does not change when data sets or methods are added: two made-up data sets, the networks, two methods.
let smallVocabulary = Vocabulary(
  datasets: [
    CatalogEntry(
      "part-shapes", "objects made of parts",
      options: [
        OptionDescription("train", .integer(1...100_000), default: .number(10_000), "training images"),
        OptionDescription("development", .integer(1...100_000), default: .number(1_000), "held out"),
        OptionDescription("size", .integer(16...256), default: .number(32), "pixels"),
        OptionDescription("texture-correlation", .number(0...1), default: .number(0), "share"),
        OptionDescription("label", .choice(["class", "head"]), default: .text("class"), "what decides the label"),
        OptionDescription("flip", .flag, default: .flag(false), "mirror"),
      ]),
    CatalogEntry("fashion", "garments", options: [OptionDescription("path", .text, "folder")]),
  ],
  models: ModelCatalog.entries,
  methods: MethodRegistry.entries.filter { ["kd", "feature-l2"].contains($0.name) })

/// The shortest recipe, with lines put behind it.
func minimal(_ extra: String = "", distillation: String = "[ { method: kd } ]") -> String {
  """
  name: small
  data: { set: part-shapes }
  teacher: { model: resnet20 }
  student: { model: resnet8 }
  distillation: \(distillation)
  \(extra)
  """
}

/// Reads a text as the file `r.yaml`.
func read(_ yaml: String, set overrides: [String] = [], quick: Bool = false) throws -> Recipe {
  try Recipe.read(yaml: yaml, at: "r.yaml", vocabulary: smallVocabulary, overrides: overrides, quick: quick)
}

/// The error line that reading a text ends in; nil if it is accepted.
func refusal(_ yaml: String, set overrides: [String] = [], quick: Bool = false) -> String? {
  do {
    _ = try read(yaml, set: overrides, quick: quick)
    return nil
  } catch {
    return "\(error)"
  }
}
