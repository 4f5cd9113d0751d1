import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Information flow (Passalis, Tzelepi & Tefas, "Heterogeneous Knowledge Distillation using Information Flow Modeling",
/// CVPR 2020, arXiv 2005.00727, eq. 5 to 8, as its code has it).
///
/// An auxiliary teacher of the student's layout first learns the teacher's last vector by ``PKT``. The
/// student then learns from its layers: the last with weight 1, all others with 100 · 0.7^epoch. Each layer, pooled to a
/// vector, gives J(P_s, P_t) = mean_{B×B} (P_s − P_t)(log P_s − log P_t) for two kernels. Left to the caller: labels, which
/// play no part in the paper's transfer.
public final class HierarchicalPKT: DistillationMethod, TensorLoss {
  /// `pkt-hierarchical`.
  public static let entry = CatalogEntry(
    "pkt-hierarchical", "which images of a batch pick each other, layer by layer, early layers first",
    paper: "Passalis, Tzelepi & Tefas, Heterogeneous Knowledge Distillation using Information Flow Modeling, CVPR 2020",
    facts: [
      (key: "family", value: "relation"), (key: "year", value: "2020"), StepPart.fact(.features, .images),
      (key: "needs", value: "a vector of the teacher, layers of the student; at least 2 images"),
      (
        key: "formula",
        value: "J_last + 100 · 0.7^e Σ_others J, J = mean_{B×B} (P_s − P_t)(log P_s − log P_t) of two kernels"
      ),
      (key: "stages", value: "an auxiliary teacher of the student's layout by pkt, then the student"),
      (key: "recipe", value: "- { method: pkt-hierarchical, weight: 1 }   # with labels: { weight: 0 }"),
    ],
    options: [
      kernel.option, PairKernel.sigma.option, measure.option, earlyWeight.option, earlyDecay.option,
      auxiliaryEpochs.option, auxiliaryWeight.option, layers.option, teacherLayer.option,
    ])
  /// Which kernels are taken: one, or two of them.
  enum KernelChoice: OptionChoice {
    case combined
    case one(PairKernel)

    static let allCases = [combined] + PairKernel.allCases.map(one)

    init?(rawValue: String) {
      guard let choice = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
      self = choice
    }

    var rawValue: String { if case .one(let kernel) = self { kernel.rawValue } else { "combined" } }
    var kernels: [PairKernel] { if case .one(let kernel) = self { [kernel] } else { [.cosine, .student] } }
  }
  /// How far two tables are apart.
  enum Measure: String, OptionChoice { case jeffreys, kl }
  private static let kernel = OptionKey.choice(
    "kernel", default: KernelChoice.combined, "how likeness is measured; combined is cosine and student-t")
  private static let measure = OptionKey.choice(
    "divergence", default: Measure.jeffreys, "J, or the code's P_t log(ε + P_t/(ε + P_s)) with ε = 1e-6")
  private static let earlyWeight = OptionKey.number(
    "early-weight", 0...1e6, default: 100, "weight of all layers but the last, in the first epoch")
  private static let earlyDecay = OptionKey.number("early-decay", 0...1, default: 0.7, "its factor from epoch to epoch")
  private static let auxiliaryEpochs = OptionKey.integer(
    "auxiliary-epochs", 1...100_000, default: 50, "epochs of the auxiliary teacher")
  private static let auxiliaryWeight = OptionKey.number(
    "auxiliary-weight", 1e-6...1e9, default: 30_000, "weight of pkt in its training")
  private static let layers = OptionKey.texts(
    "layers", "the student's layers, shallow first; all stages unless given, the last as the vector")
  private static let teacherLayer = OptionKey.text(
    "teacher-layer", "the teacher's layer; the vector before its logits unless given")
  /// Maps of student and auxiliary teacher, shallow first.
  public static let inputs = LossInput.freeFeatures

  private let options: Options
  private let auxiliary: any Network
  private let layers: [FeaturePoint]
  private let teacherLayer: FeaturePoint

  /// - Throws: ``InputError`` if a layer does not exist.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let names = options[Self.layers]
    let student = setup.student
    let layers =
      names.isEmpty
      ? student.stages.dropLast() + [try student.embedding ?? student.lastMap(at: setup.place)]
      : try names.map { try student.probePoint($0, at: setup.place) }
    self.layers = layers.map { FeaturePoint($0.name) }
    teacherLayer = FeaturePoint(
      try setup.vector(of: setup.teacher, options[Self.teacherLayer], "teacher-layer", for: Self.entry.name)
        .name)
    // Another start than the student's, which is made from the run's seed.
    auxiliary = try ModelCatalog.build(
      student.specification, seed: setup.initialiser.seed ^ 0x0A0B_0C0D, at: setup.place)
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { Set(layers) }
  /// The teacher's vector, for the auxiliary teacher.
  public var teacherFeatures: Set<FeaturePoint> { [teacherLayer] }
  /// The auxiliary teacher.
  public var modules: [(name: String, module: any Module)] { [("auxiliary", auxiliary)] }
  /// None: the auxiliary teacher is ready by then.
  public var parameters: [(name: String, parameter: Parameter)] { [] }
  /// Two.
  public let fewestImages = 2

  /// The auxiliary teacher learns the teacher's vector.
  public var preparation: Preparation? {
    Preparation(
      "auxiliary-teacher", epochs: options[Self.auxiliaryEpochs], trains: .own(auxiliary.trainableParameters)
    ) { [options, auxiliary, layers, teacherLayer] step in
      let last = layers[layers.count - 1]
      let pass = ForwardPass(.training, features: [last], stopsWhenFound: true, random: step.random)
      _ = auxiliary(step.batch.images, pass)
      let target = step.teacherPass.feature(teacherLayer).detached().flattened
      return PKT.value(pass.feature(last).pooledToVector, target)
        * Float(options[Self.auxiliaryWeight])
    }
  }

  /// The loss of tensors in the first epoch, terms `last` and, where there are further layers, `others`.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    terms(try inputs.pairs(), epoch: 0, options)
  }

  /// The divergences of all layers, with the weights of the epoch.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let pass = ForwardPass(.evaluation, features: Set(layers), stopsWhenFound: true)
    _ = withoutRecording { auxiliary(step.batch.images, pass) }
    let pairs = layers.map { (student: step.studentPass.feature($0), teacher: pass.feature($0)) }
    return Self.terms(pairs, epoch: step.clock.epoch, options).total
  }

  private static func terms(_ pairs: [(student: Tensor, teacher: Tensor)], epoch: Int, _ options: Options) -> [LossTerm]
  {
    let values = pairs.map { divergence($0.student.pooledToVector, $0.teacher.pooledToVector, options) }
    let last = values.suffix(1).map { LossTerm("last", $0, weight: 1) }
    let others = Array(values.dropLast())
    let weight = options[Self.earlyWeight] * pow(options[Self.earlyDecay], Double(epoch))
    let terms = last + (others.isEmpty ? [] : [LossTerm("others", others.summed, weight: Float(weight))])
    return terms.unless(pairs[0].student, isBelow: 2)
  }

  private static func divergence(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let sigma = Float(options[PairKernel.sigma])
    let kernels = options[Self.kernel].kernels
    return kernels.map { kernel in
      let own = kernel.probabilities(student, sigma: sigma, epsilon: 1e-6)
      let other = withoutRecording { kernel.probabilities(teacher, sigma: sigma, epsilon: 1e-6) }
      guard options[Self.measure] == .kl else { return ((own - other) * (own.safeLog - other.safeLog)).mean() }
      return (other * (other / (own + 1e-6) + 1e-6).log()).mean()
    }.summed
  }
}

extension Tensor {
  /// [batch, channels]: a map averaged over its places, a vector as it is.
  fileprivate var pooledToVector: Tensor { shape.rank == 4 ? mean(alongAxes: [1, 2]) : flattened }

  /// log max(p, 1e-12).
  fileprivate var safeLog: Tensor { clamped(to: 1e-12...Float.greatestFiniteMagnitude).log() }
}
