import NeuralNetworks
import Support
import Tensors

/// Factor transfer (Kim, Park & Kwak, "Paraphrasing Complex Network", NeurIPS 2018, arXiv 1802.04977, eq. 2 to 4, as the
/// authors' code does it).
///
/// First a paraphraser learns to say the teacher's last map with fewer channels and to give it back. Then the student's
/// translator must find the same factors: mean_{B,C,H,W} |normalize(x_s) − normalize(x_t)|, each image's factors at length 1
/// (`full`); `spatial`, in RepDistiller, takes the mean over the channels of x² of them first.
///
/// RepDistiller's form of all: `factor: spatial`, `reconstruction: squared`, `paraphraser-epochs: 30`, `paraphraser-rate:
/// 0.01`, `translator: normalized`.
public final class FactorTransfer: DistillationMethod, TensorLoss {
  /// `factor-transfer`.
  public static let entry = CatalogEntry(
    "factor-transfer", "factors of the teacher's map, extracted by a paraphraser and imitated by a translator",
    paper: "Kim, Park & Kwak, Paraphrasing Complex Network: Network Compression via Factor Transfer, NeurIPS 2018",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2018"), StepPart.fact(.features),
      (key: "needs", value: "one map of each network"),
      (key: "formula", value: "mean_{B,C,H,W} |x̂_s − x̂_t|, x̂ the factors of an image at length 1"),
      (key: "trainable", value: "paraphraser (first stage), translator"),
      (key: "stages", value: "paraphraser: its own reconstruction; then labels + factors"),
      (key: "recipe", value: "- { method: factor-transfer, weight: 500 }"),
    ],
    options: [
      factor.option, ratio.option, reconstruction.option, paraphraserEpochs.option, paraphraserRate.option,
      translator.option,
    ] + MethodSetup.lastLayerOptions)
  /// What of the factors is compared.
  enum Factor: String, OptionChoice { case full, spatial }
  /// How the paraphraser's errors count.
  enum Reconstruction: String, OptionChoice { case absolute, squared }
  /// How the translator is built.
  enum TranslatorForm: String, OptionChoice { case plain, normalized }
  private static let factor = OptionKey.choice(
    "factor", default: Factor.full,
    "factors of all channels and places (official), or their mean square over the channels (RepDistiller)")
  private static let ratio = OptionKey.number(
    "ratio", 0.01...4, default: 0.5, "k, factors for each channel of the teacher")
  private static let reconstruction = OptionKey.choice(
    "reconstruction", default: Reconstruction.absolute,
    "the paraphraser's loss: mean |x − x'| (official code) or mean (x − x')² (paper, RepDistiller)")
  private static let paraphraserEpochs = OptionKey.integer(
    "paraphraser-epochs", 1...100_000, default: 5, "length of the paraphraser's stage")
  private static let paraphraserRate = OptionKey.number(
    "paraphraser-rate", 1e-6...10, default: 0.1, "constant learning rate of the paraphraser")
  private static let translator = OptionKey.choice(
    "translator", default: TranslatorForm.plain, "without (official) or with batch normalisation (RepDistiller)")
  /// The factors of both.
  public static let inputs = [
    LossInput("student.factors", "B C H W"), LossInput("teacher.factors", "B C H W"),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let paraphraser: Paraphraser
  private let translator: Translator

  /// - Throws: ``InputError`` if a layer does not exist or is no map, or no factor is left.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, 1...1, lastOnly: true)
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.layers = layers
    let channels = layers.teacher[0].output[2]
    let factors = Int(options[Self.ratio] * Double(channels))
    guard factors > 0 else {
      throw InputError(
        setup.place, "ratio \(options[Self.ratio]) of \(channels) channels leaves no factor",
        remedy: "at least \(1 / Double(channels)) is needed")
    }
    paraphraser = Paraphraser(channels, factors: factors, setup.initialiser)
    translator = Translator(
      layers.student[0].output[2], factors: factors, isNormalized: options[Self.translator] == .normalized,
      setup.initialiser)
  }

  /// The student's layer.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layer.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// Both parts.
  public var modules: [(name: String, module: any Module)] {
    [("paraphraser", paraphraser), ("translator", translator)]
  }
  /// The translator's; the paraphraser has learned before.
  public var parameters: [(name: String, parameter: Parameter)] {
    trainableParts.filter { $0.name.hasPrefix("translator.") }
  }
  /// The paraphraser's reconstruction of the teacher's map.
  public var preparation: Preparation? {
    Preparation(
      "paraphraser", epochs: options[Self.paraphraserEpochs], trains: .own(paraphraser.trainableParameters),
      learningRate: options[Self.paraphraserRate]
    ) { [self] step in
      let map = layers.teacherMaps(step)[0]
      let error = options[Self.reconstruction] == .squared ? meanSquaredError : meanAbsoluteError
      return error(paraphraser.reconstructed(map), map)
    }
  }

  /// The loss of factors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    single(value(try inputs.tensor("student.factors"), try inputs.tensor("teacher.factors"), options))
  }

  /// The translator's distance from the paraphraser; the larger factors are average-pooled to the smaller.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.features(step)[0]
    let (own, other) = matchedSizes(
      translator(student, step.studentPass), withoutRecording { paraphraser.factors(teacher) })
    return Self.value(own, other, options)
  }

  private static func value(_ student: Tensor, _ teacher: Tensor, _ options: Options) -> Tensor {
    let isSpatial = options[Self.factor] == .spatial
    func factor(_ map: Tensor) -> Tensor {
      (isSpatial ? map.scaleFree { $0.meanOfSquares(alongAxes: [3]) } : map).flattened.normalized(alongAxis: 1)
    }
    return meanAbsoluteError(factor(student), withoutRecording { factor(teacher) })
  }
}
