import NeuralNetworks
import Support

/// The methods that a recipe may name.
public enum MethodRegistry {
  /// All methods; adding one here lists it, checks its options and tests it.
  public static var methods: [any DistillationMethod.Type] { response + feature + relation }

  private static var response: [any DistillationMethod.Type] {
    [
      LogitsMethod<LogitsRegression>.self, SoftenedLogits.self, LabelSmoothing.self, VirtualTeacher.self,
      LogitsMethod<WeightedSoftLabels>.self, LogitsMethod<DecoupledKnowledge>.self, LogitsMethod<StrongerTeacher>.self,
      LogitsMethod<NormalizedKnowledge>.self, LogitsMethod<StandardizedLogits>.self, CurriculumTemperature.self,
      MultiLevelLogits.self, JacobianMatching.self, BoundarySupport.self, RocketLaunching.self,
    ]
  }

  private static var feature: [any DistillationMethod.Type] {
    [
      FitNet.self, FeatureL2.self, MapMethod<AttentionTransfer>.self, MapMethod<NeuronSelectivity>.self,
      FactorTransfer.self, ActivationBoundary.self, FeatureOverhaul.self, VariationalInformation.self,
      KnowledgeReview.self, ContrastiveRepresentation.self, StudentClassifierRegression.self, ReusedClassifier.self,
      SemanticCalibration.self, PrimeAware.self, ChannelWise.self, MaskedGeneration.self, SingularValueKnowledge.self,
      AttentionMatching.self, WeightedChannels.self, GradCAMAttention.self, AttentionGradient.self, HiddenJacobian.self,
    ]
  }

  private static var relation: [any DistillationMethod.Type] {
    [
      SolutionFlow.self, EmbeddingMethod<RelationalKnowledge>.self, EmbeddingMethod<HardDarkRank>.self,
      SimilarityPreserving.self, EmbeddingMethod<ProbabilisticTransfer>.self, InformationFlow.self,
      CorrelationCongruence.self, ChannelCorrelation.self, InstanceGraph.self, LocalStructure.self, HeadGraph.self,
      TeacherGraph.self, SelfSupervision.self,
    ]
  }

  /// Catalogue entries in the same order.
  public static let entries: [CatalogEntry] = methods.map { $0.entry }

  /// Ways of training by terms that are no terms themselves: a recipe takes them as `training.optimizer`.
  public static let optimizers: [CatalogEntry] = [DistillationOriented.entry]

  /// Whether labels have a weight beside a method where a recipe does not say it.
  public static func usesLabels(_ name: String) -> Bool {
    methods.first { $0.entry.name == name }?.usesLabels ?? true
  }

  /// Whether a method trains networks in a way of its own, so that it is no term of a sum.
  public static func trainsAlone(_ name: String) -> Bool {
    methods.first { $0.entry.name == name } is any ProgramMethod.Type
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
