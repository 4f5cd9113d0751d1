import Models
import NeuralNetworks
import Support
import Tensors

/// Rocket launching (Zhou, Fan, Cui, Bian, Zhu & Gai, AAAI 2018, arXiv 1708.04106, eq. 2 and 3).
///
/// CE(z) + CE(l) + λ mean_B ‖l − z̄‖²: a light network l and a booster z, the network that the recipe calls the teacher, from
/// scratch and together; z̄ is a constant (gradient block). Their lower layers may be the same ones. λ is the weight in the
/// recipe, 0.03 in the paper.
public final class RocketLaunching: ProgramMethod {
  /// `rocket`.
  public static let entry = CatalogEntry(
    "rocket", "a booster that trains alongside the student and shares its lower layers",
    paper: "Zhou, Fan, Cui, Bian, Zhu & Gai, Rocket Launching: A Universal and Efficient Framework, AAAI 2018",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2018"), StepPart.fact(.logits),
      (key: "needs", value: "equal classes and images; for shared layers networks that begin alike; it trains alone"),
      (key: "formula", value: "CE(z) + CE(l) + λ mean_B Σ_C (l − z̄)², z of the booster"),
      (key: "trainable", value: "the booster: a fresh network like the recipe's teacher"),
      (key: "recipe", value: "- { method: rocket, share: layer1, weight: 0.03 }"),
    ],
    options: [share.option, hint.option])
  private static let share = OptionKey.text(
    "share",
    "the last layer that both have in common, or none; unless given as deep in the first stage as they are alike")
  private static let hint = OptionKey.choice("hint", default: RocketHint.Kind.logits, "what is compared")
  /// The booster is a fresh one of its kind.
  public static let teacherNeed = TeacherNeed.model

  private let setup: MethodSetup
  private let hint: RocketHint
  /// nil for none.
  private let sharedLayer: String?

  /// - Throws: ``InputError`` for different classes or images, or lower layers that differ.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.setup = setup
    try setup.requireEqualClasses(for: Self.entry)
    let (own, other) = (setup.student.specification, setup.teacher.specification)
    guard (own.height, own.width, own.channels) == (other.height, other.width, other.channels) else {
      throw InputError(
        setup.place, "the booster takes images of \(other.height)x\(other.width)", remedy: "rocket shows both the same")
    }
    hint = try RocketHint(options[Self.hint], setup)
    switch options[Self.share] {
    case "none"?: sharedLayer = nil
    case let layer?:
      for network in [setup.student, setup.teacher] { _ = try network.probePoint(layer, at: setup.place) }
      guard SharedLayers.areAlike(setup.student, setup.teacher, upTo: layer) else {
        throw InputError(
          setup.place, "\(own.name) and \(other.name) differ up to \(layer)",
          remedy: "share: \(SharedLayers.deepest(setup.student, setup.teacher) ?? "none") is possible")
      }
      sharedLayer = layer
    case nil:
      guard let layer = SharedLayers.deepest(setup.student, setup.teacher) else {
        throw InputError(
          setup.place, "\(own.name) and \(other.name) have no lower layers in common", remedy: "set share: none")
      }
      sharedLayer = layer
    }
  }

  /// Where the hint is compared.
  public var studentFeatures: Set<FeaturePoint> { hint.studentFeatures }
  /// Where the hint is compared.
  public var teacherFeatures: Set<FeaturePoint> { hint.teacherFeatures }

  /// The hint between the student and whatever teaches it.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    hint.value((step.studentLogits, step.studentPass), (step.teacherLogits, step.teacherPass))
  }

  /// Both networks' training; the booster starts with weights of its own.
  public func program(_ frame: ProgramFrame) throws -> any TrainingProgram {
    let booster = try ModelCatalog.build(
      setup.teacher.specification, seed: setup.initialiser.seed, at: setup.place)
    let shared = sharedLayer.map { SharedLayers(frame.student, booster, upTo: $0) } ?? .none
    return RocketProgram(booster: booster, sharing: shared, hint: hint, frame)
  }
}
