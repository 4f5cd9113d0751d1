import Models
import NeuralNetworks
import Tensors

/// A light network and a booster that train together from scratch and may share their lower layers (Zhou et al., "Rocket
/// Launching", AAAI 2018): one forward pass of each, one backward pass, one update of all weights.
///
/// The booster learns from the labels alone: the light network's wish to be like it reaches the light network only. Shared
/// weights get the gradients of both; the statistics of shared layers count each batch once.
public final class RocketProgram: TrainingProgram {
  /// The light network, which is deployed.
  public let student: any Network
  /// The network that it flies with.
  public let booster: any Network
  private let hint: RocketHint
  private let shared: SharedLayers
  private let frame: ProgramFrame
  private let optimizer: any Optimizer

  init(booster: any Network, sharing shared: SharedLayers, hint: RocketHint, _ frame: ProgramFrame) {
    student = frame.student
    self.booster = booster
    self.shared = shared
    self.hint = hint
    self.frame = frame
    shared.join()
    shared.copyStatistics()
    let common = Set(shared.weights.map { ObjectIdentifier($0.second) })
    optimizer = frame.makeOptimizer(
      student.trainableParameters + booster.trainableParameters.filter { !common.contains(ObjectIdentifier($0)) })
  }

  /// The light network and the booster.
  public var participants: [Participant] { [Participant(.student, student), Participant(.booster, booster)] }
  /// The booster.
  public var teacher: (any Network)? { booster }
  /// The light network's labels, the booster's, and the hint.
  public let termNames = ["labels", "booster", "rocket"]

  /// Optimiser steps taken.
  public var steps: Int {
    get { optimizer.steps }
    set { optimizer.steps = newValue }
  }

  /// The optimiser's.
  public var state: [(name: String, tensor: Tensor)] {
    optimizer.state.map { (name: "optimizer.\($0.name)", tensor: $0.tensor) }
  }

  /// One step of both networks.
  public func step(_ batch: Batch, _ clock: TrainingClock, learningRate: Float, random: Philox) throws -> [Float] {
    let light = ForwardPass(.training, features: hint.studentFeatures, random: random)
    let other = ForwardPass(.training, features: hint.teacherFeatures, random: random)
    let (logits, boosted) = (student(batch.images, light), booster(batch.images, other))
    let terms = [
      LossTerm("labels", batch.crossEntropy(logits), weight: frame.labelWeight),
      LossTerm("booster", batch.crossEntropy(boosted), weight: 1),
      LossTerm("rocket", hint.value((logits, light), (boosted, other)), weight: frame.weight),
    ]
    let values = try terms.descend(batch, optimizer, learningRate: learningRate, clipNorm: frame.clipNorm) {
      [student, booster] in
      student.namedParameters + booster.namedParameters.map { (name: "booster.\($0.name)", parameter: $0.parameter) }
    }
    shared.copyStatistics()
    return values
  }
}
