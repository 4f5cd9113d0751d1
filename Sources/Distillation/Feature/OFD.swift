import Foundation
import NeuralNetworks
import Support
import Tensors

/// Overhaul of feature distillation (Heo, Kim, Yun, Park, Kwak & Choi, ICCV 2019, arXiv 1904.01866, eq. 2 to 5, as the
/// authors' code does it).
///
/// Before the ReLU of each stage the target is t' = max(t, M), M the mean negative response of the channel; where both
/// student and target are negative and the student lies below, nothing is lost: Σ (s − t')² [s > t' or t' > 0]. The sums of
/// the stages have the weights …, ¼, ½, 1, over 1000 times the batch. Connectors are 1×1 with batch normalisation.
public final class OFD: DistillationMethod, TensorLoss {
  /// `ofd`.
  public static let entry = CatalogEntry(
    "ofd", "maps before their ReLUs, negative responses clipped at a margin per channel",
    paper: "Heo, Kim, Yun, Park, Kwak & Choi, A Comprehensive Overhaul of Feature Distillation, ICCV 2019",
    facts: [
      (key: "family", value: "feature"), (key: "year", value: "2019"), StepPart.fact(.features, .statistics),
      (key: "needs", value: "maps of both networks before their ReLUs; a teacher with batch normalisation there"),
      (key: "formula", value: "1/(1000 B) Σ_i 2^{i−n} Σ (s − t')² [s > t' or t' > 0], t' = max(t, M)"),
      (key: "trainable", value: "a 1×1 convolution with batch normalisation for each stage"),
      (key: "recipe", value: "- { method: ofd, weight: 1 }"),
    ],
    options: [teacherBN.option, variant.option] + MethodSetup.layerOptions)
  /// Statistics of the teacher's batch normalisation.
  enum TeacherBN: String, OptionChoice { case batch, running }
  /// Whose margins and scale.
  enum Variant: String, OptionChoice { case official, aberhu }
  private static let teacherBN = OptionKey.choice(
    "teacher-bn", default: TeacherBN.batch,
    "statistics of the teacher's batch normalisation: the batch's (official), or those that it has gathered")
  private static let variant = OptionKey.choice(
    "variant", default: Variant.official, "aberhu: margins from the batch, half the mean over stages and elements")
  /// Maps, margins, and perhaps 1×1 connectors.
  public static let inputs = [
    LossInput("student.features.*", "B C* H* W*"), LossInput("teacher.features.*", "B E* V* U*"),
    LossInput("margins.*", "E*", isOptional: true),
    LossInput("parameters.connector.*.weight", "E* C* 1 1", isOptional: true),
  ]

  private let options: Options
  private let layers: LayerPairs
  private let connectors: [Connector]
  private let margins: [Tensor]

  /// - Throws: ``InputError`` if a layer does not exist, is no map, or lacks the normalisation that the margins come from.
  public init(_ options: Options, _ setup: MethodSetup) throws {
    self.options = options
    let layers = try setup.layers(options, isBeforeRelu: true) { $0.rectifiedStages }
    try layers.requireMaps(equalChannels: false, equalSizes: false, for: Self.entry.name, at: setup.place)
    self.layers = layers
    margins = options[Self.variant] == .official ? try layers.teacher.map(setup.margins) : []
    connectors = zip(layers.student, layers.teacher).map {
      Connector($0.output[2], $1.output[2], setup.initialiser, isHeNormal: true)
    }
  }

  /// The student's layers.
  public var studentFeatures: Set<FeaturePoint> { layers.studentFeatures }
  /// The teacher's layers.
  public var teacherFeatures: Set<FeaturePoint> { layers.teacherFeatures }
  /// The connectors.
  public var modules: [(name: String, module: any Module)] {
    connectors.enumerated().map { ("connector.\($0)", $1) }
  }

  /// As `teacher-bn` says.
  public var teacherStatistics: TeacherStatistics { options[Self.teacherBN] == .batch ? .batch : .running }

  /// The loss of tensors.
  public static func terms(_ inputs: LossInputs, _ options: Options) throws -> [LossTerm] {
    let pairs = try inputs.pairs().enumerated().map { place, pair in
      let weight = inputs.optional("parameters.connector.\(place).weight")
      guard weight != nil || pair.student.shape[3] == pair.teacher.shape[3] else {
        throw InputError(
          inputs.place, "the maps \(place) have \(pair.student.shape[3]) and \(pair.teacher.shape[3]) channels",
          remedy: "add parameters.connector.\(place).weight, or give maps of equal channels")
      }
      return (student: weight.map { convolution(pair.student, $0) } ?? pair.student, teacher: pair.teacher)
    }
    let margins = options[Self.variant] == .official ? try inputs.series("margins") : []
    guard margins.isEmpty || margins.count == pairs.count else {
      throw InputError(
        inputs.place, "there are \(pairs.count) layers and \(margins.count) margins", remedy: "give one for each layer")
    }
    return single(value(pairs, margins, options))
  }

  /// Sum over the layers.
  public func loss(_ step: KnowledgeStep) -> Tensor {
    let pairs = zip(layers.features(step), connectors).map { pair, connector in
      (student: connector(pair.student, step.studentPass), teacher: pair.teacher)
    }
    return Self.value(pairs, margins, options)
  }

  private static func value(
    _ pairs: [(student: Tensor, teacher: Tensor)], _ margins: [Tensor], _ options: Options
  ) -> Tensor {
    let isOfficial = options[Self.variant] == .official
    let losses = pairs.enumerated().map { place, pair -> Tensor in
      let student = pair.student
      let target = withoutRecording { () -> Tensor in
        let size = HeightWidth(height: student.shape[1], width: student.shape[2])
        let isEqual = pair.teacher.shape[1] == size.height && pair.teacher.shape[2] == size.width
        let map = isEqual ? pair.teacher : adaptiveAveragePooling(pair.teacher, to: size)
        return maximum(map, isOfficial ? margins[place] : negativeMeans(map))
      }
      let counts = maximum(exceeds(student, target), exceeds(target, Tensor(0)))
      let differences = (student - target) * counts
      guard isOfficial else { return differences.meanOfSquares() * (0.5 / Float(pairs.count)) }
      return differences.sumOfSquares() * (0.001 / Float(student.shape[0]) * exp2(Float(place + 1 - pairs.count)))
    }
    return losses.summed
  }

  /// [channels]: the mean over batch and places of the negative values.
  private static func negativeMeans(_ map: Tensor) -> Tensor {
    let isNegative = exceeds(Tensor(0), map)
    return (map * isNegative).sum(alongAxes: [0, 1, 2]) / (isNegative.sum(alongAxes: [0, 1, 2]) + 1e-6)
  }
}
