import NeuralNetworks
import Support

/// Options that some methods have and others lack, to ask any method for them.
public enum SharedMethodOptions {
  /// Teachers beside the recipe's; none where a method takes none.
  public static let furtherTeachers = FurtherTeacher.key
  /// Whether a method limits its gradient by that of the labels.
  public static let clip = OptionKey.flag("clip", "limit the gradient by that of the labels")
}

/// The methods that a recipe may name.
public enum MethodRegistry {
  /// All methods; adding one to its family lists it, checks its options and tests it.
  public static var methods: [any DistillationMethod.Type] { response + feature + relation + additions.all }

  private static let additions = Additions<any DistillationMethod.Type>()

  /// Adds a method of one's own: from then on recipes and all commands know it.
  ///
  /// - Parameter method: its type; the ``CatalogEntry/version`` of its entry is to be raised when its loss changes.
  /// - Throws: ``InputError`` for a name that is taken or no name.
  public static func add(_ method: any DistillationMethod.Type) throws {
    try additions.add(method, listedAs: method.entry, besides: entries.map(\.name), kind: "method")
  }

  private static var response: [any DistillationMethod.Type] {
    [
      LogitsMethod<LogitsRegression>.self, KD.self, LabelSmoothing.self, TfKDReg.self,
      LogitsMethod<WSL>.self, LogitsMethod<DKD>.self, LogitsMethod<DIST>.self,
      LogitsMethod<NKD>.self, LogitsMethod<LogitStandardization>.self, CTKD.self,
      MLKD.self, SobolevTraining.self, BSS.self, RocketLaunching.self, DML.self, MeanTeacher.self,
      MultiAverage.self,
    ]
  }

  private static var feature: [any DistillationMethod.Type] {
    [
      FitNet.self, FeatureL2.self, MapMethod<AttentionTransfer>.self, MapMethod<NST>.self,
      FactorTransfer.self, ActivationBoundary.self, OFD.self, VID.self,
      ReviewKD.self, CRD.self, SRRL.self, SimKD.self,
      SemCKD.self, PAD.self, CWD.self, MGD.self, KDSVD.self,
      AFD.self, AFDS.self, LwM.self, GradientAttentionTransfer.self, JacobianMatching.self,
      BYOT.self, CAMKD.self,
    ]
  }

  private static var relation: [any DistillationMethod.Type] {
    [
      FSP.self, EmbeddingMethod<RKD>.self, EmbeddingMethod<HardDarkRank>.self,
      SimilarityPreserving.self, EmbeddingMethod<PKT>.self, HierarchicalPKT.self,
      CorrelationCongruence.self, ICKD.self, IRG.self, LSP.self, MHGD.self,
      MultiTeacherGraph.self, SSKD.self,
    ]
  }

  /// Catalogue entries in the same order.
  public static var entries: [CatalogEntry] { methods.map { $0.entry } }

  /// Ways of training by terms that are no terms themselves: a recipe takes them as `training.optimizer`.
  public static let optimizers: [CatalogEntry] = [DOT.entry]

  /// Whether labels have a weight beside a method where a recipe does not say it.
  public static func usesLabels(_ name: String) -> Bool {
    methods.first { $0.entry.name == name }?.usesLabels ?? true
  }

  /// What a method wants of a teacher.
  public static func teacherNeed(_ name: String) -> TeacherNeed {
    methods.first { $0.entry.name == name }?.teacherNeed ?? .answers
  }

  /// Whether a method trains networks in a way of its own, so that it is no term of a sum.
  public static func trainsAlone(_ name: String) -> Bool {
    methods.first { $0.entry.name == name }?.trainsAlone ?? false
  }

  /// The length of a method's stage in which the student learns, inside of a budget; see ``StudentStage``.
  ///
  /// - Returns: the option that says it, and epochs; nil for a method that never has such a stage.
  public static func studentStage(of name: String, budget: Int) -> (option: String, epochs: Int)? {
    guard let method = methods.first(where: { $0.entry.name == name }), let stage = method.studentStage,
      case .number(let usual)? = method.entry.options.first(where: { $0.name == stage.option })?.defaultValue
    else { return nil }
    return (stage.option, stage.epochs(of: budget, usual: Int(usual)))
  }

  /// Makes a method by name.
  ///
  /// - Throws: ``InputError`` for an unknown name, a wrong option, networks that do not fit or too small batches.
  public static func make(_ name: String, _ options: [String: OptionValue], _ setup: MethodSetup) throws
    -> any DistillationMethod
  {
    guard let method = methods.first(where: { $0.entry.name == name }) else {
      throw InputError(setup.place, "there is no method '\(name)'", remedy: nearest(name, in: entries.map(\.name)))
    }
    let made = try method.init(Options(options, for: method.entry, at: setup.place), setup)
    guard setup.batchSize >= made.fewestImages else {
      throw InputError(
        setup.place, "\(name) compares the images of a batch, and training.batch is \(setup.batchSize)",
        remedy: "it needs at least \(made.fewestImages)")
    }
    return made
  }
}
