import NeuralNetworks
import Support
import Tensors

/// Attention-based feature matching (AFD: Ji, Heo & Park, "Show, Attend and Distill", AAAI 2021, arXiv 2102.02973, eq. 2 to
/// 6, as clovaai/attention-feature-distillation has it).
///
/// Σ_j mean_B Σ_i α_bji mean_{H,W} (a_s,i − a_t,j)²: each layer of the teacher is matched with those of the student that a
/// learned attention picks. a is mean_C F² at length 1 over the places, the student's first average-pooled to the
/// teacher's size.
public final class AFD: DistillationMethod, TensorLoss {
  /// `afd`.
  public static let entry = CatalogEntry(
    "afd", "each teacher layer from the student layers picked by learned attention",
    paper: "Ji, Heo & Park, Show, Attend and Distill, AAAI 2021",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2021"), StepPart.fact(.features),
      (key: "needs", value: "maps of both networks, as many as one likes of each; batches of at least 2 images"),
      (key: "formula", value: "Σ_j mean_B Σ_i α_bji mean_{H,W} (a_s,i − a_t,j)², a = mean_C F² at length 1"),
      (key: "trainable", value: "linear maps for queries and keys, a bilinear map, places of the layers"),
      (key: "recipe", value: "- { method: afd, weight: 200 }"),
    ],
    options: [width.option, layers.option, teacherLayers.option])
  private static let width = OptionKey.integer("width", 2...1024, default: 128, "width of queries and keys")
  private static let layers = OptionKey.texts(
    "layers", "the student's layers, shallow first; all residual blocks, or stages, unless given")
  private static let teacherLayers = OptionKey.texts(
    "teacher-layers", "the teacher's layers; as for the student unless given")
  /// Features and the attention's parts.
  public static let inputs =
    LossInput.freeFeatures
    + ["query", "key"].flatMap { part in
      [
        LossInput("parameters.\(part).*.weight", "Q _"), LossInput("parameters.\(part).*.bias", "Q"),
        LossInput("parameters.\(part).*.norm.weight", "Q"), LossInput("parameters.\(part).*.norm.bias", "Q"),
      ]
    }
    + [
      LossInput("parameters.bilinear.weight", "P Q"), LossInput("parameters.bilinear.bias", "P"),
      LossInput("parameters.bilinear.norm.weight", "P"), LossInput("parameters.bilinear.norm.bias", "P"),
      LossInput("parameters.place.teacher", "R Q"), LossInput("parameters.place.student", "S Q"),
    ]

  private let layers: LayerSets
  private let attention: LayerAttention
  private let batches: EpochBatches

  /// - Throws: ``InputError`` if a layer does not exist or is no map, or batches have one image.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    guard setup.batchSize >= 2 else {
      throw InputError(
        setup.place, "afd normalises over the images of a batch, and there is one", remedy: "raise training.batch")
    }
    batches = EpochBatches(setup)
    let layers = try LayerSets(options, setup, Self.entry.name) { $0.residualBlocks }
    self.layers = layers
    attention = LayerAttention(
      (layers.student.map { $0.output[2] }, layers.teacher.map { $0.output[2] }), width: options[Self.width],
      setup.initialiser)
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The attention.
  public var modules: [(name: String, module: any Module)] { [("attention", attention)] }

  /// Not in a last batch of one image: there is nothing to normalise over.
  public func takesPart(at clock: TrainingClock) -> Bool { batches.count(at: clock) >= 2 }

  /// The loss of tensors, batch normalisation by the batch.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let (student, teacher) = (try inputs.series("student.features"), try inputs.series("teacher.features"))
    for (side, part, maps) in [("student", "key", student), ("teacher", "query", teacher)] {
      let count = try inputs.tensor("parameters.place.\(side)").shape[0]
      guard count == maps.count else {
        throw InputError(
          inputs.place, "parameters.place.\(side) has \(count) rows for \(maps.count) layers", remedy: "one per layer")
      }
      for (layer, map) in maps.enumerated() {
        let name = "parameters.\(part).\(layer).weight"
        let width = try inputs.tensor(name).shape[1]
        guard width == map.shape[3] else {
          throw InputError(
            inputs.place, "\(name) reads \(width) channels of \(map.shape[3])", remedy: "as many as the map has")
        }
      }
    }
    let (rows, columns) = (try inputs.tensor("parameters.bilinear.weight").shape[0], student.count)
    let width = try inputs.tensor("parameters.place.student").shape[1]
    guard rows == width * teacher.count else {
      throw InputError(
        inputs.place, "parameters.bilinear.weight has \(rows) rows", remedy: "it needs \(width * teacher.count)")
    }
    let attention = try LayerAttention(inputs, layers: (columns, teacher.count))
    return single(value(student, teacher, attention, ForwardPass(.training, updatesStatistics: false)))
  }

  /// Sum over the teacher's layers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let (student, teacher) = layers.maps(step)
    return Self.value(student, teacher, attention, step.studentPass)
  }

  private static func value(
    _ student: [Tensor], _ teacher: [Tensor], _ attention: LayerAttention, _ pass: ForwardPass
  ) -> Tensor {
    let shares = attention(student, teacher, pass)
    let batch = shares.shape[0]
    func energy(_ map: Tensor) -> Tensor { map.scaleFree { $0.meanOfSquares(alongAxes: [3], keepsAxes: true) } }
    let energies = student.map(energy)
    // All pairs of layers whose teacher has one size are compared at once, [batch, layers, places] each.
    let sizes = teacher.map { HeightWidth(height: $0.shape[1], width: $0.shape[2]) }
    return Dictionary(grouping: teacher.indices, by: { sizes[$0] }).sorted { $0.value[0] < $1.value[0] }.map {
      size, places in
      let own = stacked(
        energies.map { adaptiveAveragePooling($0, to: size).flattened.normalized(alongAxis: 1) }, alongAxis: 1)
      let others = withoutRecording {
        stacked(
          places.map { energy(teacher[$0]).flattened.normalized(alongAxis: 1) }, alongAxis: 1)
      }
      let errors = squaredDistances(others, own) / Float(size.height * size.width)
      let rows = concatenated(places.map { shares.slice($0..<$0 + 1, alongAxis: 1) }, alongAxis: 1)
      return (errors * rows).sum() / Float(batch)
    }.summed
  }
}
