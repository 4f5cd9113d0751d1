import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Deep mutual learning (DML: Zhang, Xiang, Hospedales & Lu, CVPR 2018, arXiv 1706.00384, eq. 6 and 7).
///
/// m networks learn from scratch and from each other: each has the loss CE(z_i) + λ mean_{j≠i} T² KL(p_j ‖ p_i), p_j a
/// constant. The student is the first of them, the others are its peers; no network has to be trained before. λ is the
/// weight in the recipe, 1 in the paper.
public final class DML: ProgramMethod, TensorLoss {
  /// `dml`.
  public static let entry = CatalogEntry(
    "dml", "peers that train together and teach each other",
    paper: "Zhang, Xiang, Hospedales & Lu, Deep Mutual Learning, CVPR 2018",
    facts: [
      (key: "family", value: "response"), (key: "year", value: "2018"), StepPart.fact(.logits),
      (key: "needs", value: "nothing of a teacher; it trains alone"),
      (
        key: "formula",
        value: "CE(z_i) + λ mean_{j≠i} T² mean_B KL(softmax(z_j / T) ‖ softmax(z_i / T)) for each peer i"
      ),
      (key: "trainable", value: "the peers: fresh networks, each with checkpoints and a line in the log"),
      (key: "recipe", value: "- { method: dml, peers: [resnet8, wrn-16-1], weight: 1 }"),
    ],
    options: [peers.option, temperature.option, target.option, update.option])
  /// Whom a peer learns from.
  enum Target: String, OptionChoice { case pairwise, ensemble }
  /// How often the others' answers are taken.
  enum Update: String, OptionChoice { case simultaneous, sequential }
  private static let peers = OptionKey.texts(
    "peers", "networks that train beside the student; one like the student unless given")
  private static let temperature = OptionKey.number(
    "temperature", 0.05...1000, default: 1, "T, softens both distributions")
  private static let target = OptionKey.choice(
    "target", default: Target.pairwise, "each peer by itself, or the mean of the others' logits")
  fileprivate static let update = OptionKey.choice(
    "update", default: Update.simultaneous,
    "all peers by one pass of each, or one after the other, each from the others' newest weights (Algorithm 1)")
  /// Nothing: peers do.
  public static let teacherNeed = TeacherNeed.nothing
  /// Logits of the network that learns, and those of its peers.
  public static let inputs = [LossInput("student.logits", "B C"), LossInput("peers.*.logits", "B C")]

  private let options: Options
  private let setup: MethodSetup
  private let peers: [ModelSpecification]

  /// - Throws: ``InputError`` for a peer that no network is, or that cannot take the images.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    self.setup = setup
    try setup.requireEqualClasses(for: Self.entry)
    let own = setup.student.specification
    let names = options[Self.peers]
    peers = try (names.isEmpty ? [nil] : names.map(Optional.some)).map { name in
      guard let name else { return own }
      let peer = ModelSpecification(
        ModelCatalog.canonicalName(name), classes: own.classes, channels: own.channels, height: own.height,
        width: own.width)
      _ = try ModelCatalog.build(peer, seed: 0, at: setup.place)
      return peer
    }
  }

  /// The divergence from whatever teaches.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    Self.divergence(step.studentLogits, [step.teacherLogits], options)
  }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let student = try inputs.tensor("student.logits")
    return single(divergence(student, try inputs.series("peers", ".logits"), options))
  }

  /// Mean divergence of one peer from the others, or that from their mean.
  static func divergence(_ own: Tensor, _ others: [Tensor], _ options: Options) -> Tensor {
    let temperature = Float(options[Self.temperature])
    let targets =
      options[Self.target] == .ensemble ? [withoutRecording { others.summed / Float(others.count) }] : others
    let rows = targets.map { target in
      divergenceOfRows(
        own.logSoftmax(temperature: temperature),
        from: withoutRecording { target.logSoftmax(temperature: temperature) }, isWhole: true
      ).mean()
    }
    return rows.summed * (temperature * temperature / Float(rows.count))
  }

  /// The training of all peers; each starts with weights of its own.
  public func program(_ frame: ProgramFrame) throws -> any TrainingProgram {
    let networks = try peers.enumerated().map { place, peer in
      try ModelCatalog.build(peer, seed: setup.initialiser.seed &+ UInt64(place + 1) &* 104_729, at: setup.place)
    }
    return DMLProgram(networks, options, frame)
  }
}

/// Networks that learn from the labels and from each other.
final class DMLProgram: TrainingProgram {
  let student: any Network
  let participants: [Participant]
  private let optimizers: [any Optimizer]
  private let options: Options
  private let frame: ProgramFrame
  private let metrics = MetricSheet()

  init(_ peers: [any Network], _ options: Options, _ frame: ProgramFrame) {
    student = frame.student
    participants =
      [Participant(.student, student)] + peers.enumerated().map { Participant(.peer($0.offset + 2), $0.element) }
    optimizers = participants.map { frame.makeOptimizer($0.network.trainableParameters) }
    self.options = options
    self.frame = frame
  }

  /// Labels and the others' answers, for each peer.
  var termNames: [String] { participants.indices.flatMap { place in ["labels", "dml"].map { name($0, of: place) } } }

  private func name(_ term: String, of place: Int) -> String {
    place == 0 ? term : "\(participants[place].role) \(term)"
  }

  var steps: Int {
    get { optimizers[0].steps }
    set { for optimizer in optimizers { optimizer.steps = newValue } }
  }

  /// That of the optimisers: the peers' weights are in their checkpoints.
  var state: [(name: String, tensor: Tensor)] {
    optimizers.enumerated().flatMap { place, optimizer in
      optimizer.state.map { (name: name("optimizer.\($0.name)", of: place), tensor: $0.tensor) }
    }
  }

  func takeMetrics() -> [TermMetric] { metrics.take() }

  func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    func logits(_ place: Int, updatesStatistics: Bool = true) -> Tensor {
      // The student draws as the baseline does.
      let stream = Philox(seed: random.seed, stream: random.stream ^ UInt64(place) << 32)
      return participants[place].network(
        batch.images, ForwardPass(.training, updatesStatistics: updatesStatistics, random: stream))
    }
    func terms(_ place: Int, _ own: Tensor, _ others: [Tensor]) -> [LossTerm] {
      [
        LossTerm("labels", batch.crossEntropy(own), weight: frame.labelWeight),
        LossTerm("dml", DML.divergence(own, others, options), weight: frame.weight),
      ]
    }
    if options[DML.update] == .sequential {
      return try participants.indices.flatMap { place in
        let own = logits(place)
        let others = participants.indices.filter { $0 != place }
          .map { other in withoutRecording { logits(other, updatesStatistics: false) } }
        return try descend(place, terms(place, own, others), batch, learningRate)
      }
    }
    let answers = participants.indices.map { logits($0) }
    let constants = answers.map { $0.detached() }
    note(constants, batch)
    let all = participants.indices.map { place in
      terms(place, answers[place], constants.enumerated().filter { $0.offset != place }.map(\.element))
    }
    // Nothing is updated where one of them is broken.
    for (place, list) in all.enumerated() {
      for term in list where !term.value.item.isFinite {
        throw NonFiniteTerm(term: name(term.name, of: place), batch: batch)
      }
    }
    return try all.enumerated().flatMap { place, list in try descend(place, list, batch, learningRate) }
  }

  private func descend(_ place: Int, _ terms: [LossTerm], _ batch: Batch, _ learningRate: Float) throws -> [Float] {
    do {
      return try terms.descend(batch, optimizers[place], learningRate: learningRate, clipNorm: frame.clipNorm) {
        [participants] in
        participants[place].network.namedParameters
      }
    } catch let broken as NonFiniteTerm {
      let names = broken.term.components(separatedBy: " + ").map { name($0, of: place) }
      throw NonFiniteTerm(
        term: names.joined(separator: " + "), batch: batch,
        gradientOf: broken.weight.map { place == 0 ? $0 : "\($0) of \(participants[place].role)" })
    }
  }

  private func note(_ answers: [Tensor], _ batch: Batch) {
    let classes = answers.map { $0.argmaxOfRows() }
    for place in answers.indices.dropFirst() {
      metrics.add(
        agreement(classes[0], classes[place]), as: "agreement with \(participants[place].role)", of: "dml",
        images: batch.labels.count)
    }
    let ensemble = withoutRecording { answers.summed }.argmaxOfRows()
    metrics.add(
      agreement(ensemble, batch.labels), as: "training accuracy of the mean logits",
      of: "dml", images: batch.labels.count)
  }
}
