import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// Trains one network: batches, steps and an evaluation per epoch. What becomes of it is for observers, such as
/// ``RunKeeper``; without one nothing is written, and the program has the weights in the end.
public final class Trainer {
  /// What the trainer tells while it works.
  public enum Event {
    case resumed(epoch: Int)
    case note(String)
    case step(done: Int, of: Int, loss: Double)
    case epoch(TrainingHistory.Epoch)
  }

  private let program: any TrainingProgram
  private let samples: any SampleSource
  private let labels: [Int]
  private let settings: TrainingSettings
  private let second: TrainingSettings?
  private let keepsStepDistances: Bool
  private let keepsEpochSteps: Bool
  private let moments: [Moment]
  private let seed: UInt64
  private let observers: [any TrainingObserver]
  private var history: TrainingHistory

  /// - Parameters:
  ///   - program: what runs for each batch.
  ///   - samples: what it learns from and is judged on.
  ///   - settings: epochs, batch size, rule, rates.
  ///   - second: epochs and rates of a second stage behind them, of the same batch size; nil for none.
  ///   - seed: decides order, augmentation and dropout; baseline and student of one seed see the same batches.
  ///   - keepsStepDistances: whether ‖w_t − w_{t−1}‖ is added up over optimiser steps.
  ///   - keepsEpochSteps: whether how far the weights went in each epoch is noted, where not all checkpoints stay.
  ///   - moments: inside of epochs, at which observers are told of the weights.
  ///   - observers: what keeps or shows the training.
  public init(
    _ program: any TrainingProgram, on samples: any SampleSource, settings: TrainingSettings,
    then second: TrainingSettings? = nil, seed: UInt64, keepsStepDistances: Bool = false, keepsEpochSteps: Bool = false,
    moments: [Moment] = [], observers: [any TrainingObserver] = []
  ) {
    precondition(second.map { $0.batch == settings.batch } ?? true, "Trainer: stages of different batch sizes")
    self.second = second
    self.keepsStepDistances = keepsStepDistances
    self.keepsEpochSteps = keepsEpochSteps
    self.moments = moments.filter { $0.wholeEpoch == nil }.sorted()
    self.program = program
    self.samples = samples
    labels = samples.labels
    self.settings = settings
    self.seed = seed
    self.observers = observers
    history = TrainingHistory(termNames: program.termNames)
  }

  /// Trains on images.
  ///
  /// - Parameters:
  ///   - program: what runs for each batch.
  ///   - data: training and development splits.
  ///   - settings: epochs, batch size, rule, rates.
  ///   - second: epochs and rates of a second stage behind them, of the same batch size; nil for none.
  ///   - augmentation: random changes of training images; nil for none.
  ///   - seed: decides order, augmentation and dropout.
  ///   - keepsStepDistances: whether ‖w_t − w_{t−1}‖ is added up over optimiser steps.
  ///   - keepsEpochSteps: whether how far the weights went in each epoch is noted.
  ///   - moments: inside of epochs, at which observers are told of the weights.
  ///   - observers: what keeps or shows the training.
  public convenience init(
    _ program: any TrainingProgram, data: DataSplits, settings: TrainingSettings, then second: TrainingSettings? = nil,
    augmentation: Augmentation? = nil, seed: UInt64, keepsStepDistances: Bool = false, keepsEpochSteps: Bool = false,
    moments: [Moment] = [], observers: [any TrainingObserver] = []
  ) {
    self.init(
      program, on: ImageSamples(data, augmentation: augmentation, seed: seed), settings: settings, then: second,
      seed: seed, keepsStepDistances: keepsStepDistances, keepsEpochSteps: keepsEpochSteps, moments: moments,
      observers: observers)
  }

  private var epochs: Int { settings.epochs + (second?.epochs ?? 0) }
  private var stepsPerEpoch: Int { settings.stepsPerEpoch(of: samples.count) }

  /// Trains to the end, from the beginning or from where an observer says that an earlier process stopped.
  ///
  /// - Parameter tell: is called after each step and epoch, behind the observers; what it throws ends the training.
  /// - Returns: the history of all epochs, those before a resume included.
  /// - Throws: ``Divergence`` if a loss or a weight is not a number; what observers and `tell` throw.
  @discardableResult
  public func run(_ tell: (Event) throws -> Void = { _ in }) throws -> TrainingHistory {
    guard samples.shows(program.view) else {
      throw InputError(
        "\(samples.signature)", "a method shows samples in a way that these do not have",
        remedy: "take methods that see them as they are, such as kd")
    }
    if case .classUniform = program.batchOrder, labels.count != samples.count {
      throw InputError(
        "\(samples.signature)", "a method draws batches by the classes of samples, and these have none",
        remedy: "take methods that do not, such as kd")
    }
    for participant in program.participants where participant.network.signature != samples.signature {
      throw InputError(
        participant.role.description, "takes \(participant.network.signature)",
        remedy: "the samples are \(samples.signature)")
    }
    for observer in observers {
      guard let known = try observer.resume(program) else { continue }
      history = known
      try tell(.resumed(epoch: history.epochs.count))
    }
    let rest = samples.count % settings.batch
    if program.batchOrder == .shuffled, rest > 0, rest < program.fewestImages {
      try tell(
        .note(
          "the last step of each epoch has \(rest) of at least \(program.fewestImages) images that a term compares: "
            + "it contributes nothing there"))
    }
    // What an earlier process did not add up cannot be made up for.
    let distances =
      keepsStepDistances && history.epochs.allSatisfy { $0.stepDistances != nil }
      ? WeightWatch(program.student, from: history.epochs.last?.stepDistances) : nil
    for observer in observers { try observer.begin(after: history, stepsPerEpoch: stepsPerEpoch) }
    while history.epochs.count < epochs {
      let before = keepsEpochSteps ? EpochSteps.weights(of: program.student) : [:]
      var row = try epoch(history.epochs.count, distances, tell)
      if keepsEpochSteps { row.steps = EpochSteps(program.student, from: before) }
      history.epochs.append(row)
      for observer in observers { try observer.epoch(history, program) }
      try tell(.epoch(row))
    }
    return history
  }

  private func epoch(_ epoch: Int, _ distances: WeightWatch?, _ tell: (Event) throws -> Void) throws
    -> TrainingHistory.Epoch
  {
    let order = order(of: epoch)
    let clock = ContinuousClock()
    let start = clock.now
    StoragePool.forgetPeak()
    // What an unfinished epoch told is told again.
    _ = program.takeMetrics()
    var sums = Array(repeating: 0.0, count: program.termNames.count)
    var counts = Array(repeating: 0, count: sums.count)
    // What a plateau goes by is in the history, so a resumed training has the same rates.
    let losses = history.epochs.map(\.developmentLoss)
    var rate = 0.0
    var (last, lastValues): (Batch?, [Float]) = (nil, [])
    var stage: String?
    var told: [TrainingHistory.MomentDistances] = []
    for index in 0..<stepsPerEpoch {
      let indices = order[index * settings.batch..<min(order.count, (index + 1) * settings.batch)]
      let batch = samples.batch(BatchRequest(indices: indices, view: program.view, epoch: epoch))
      if let complaint = samples.complaint { throw WorkError(complaint) }
      let step = epoch * stepsPerEpoch + index
      let time = TrainingClock(step: step, epochs: epochs, stepsPerEpoch: stepsPerEpoch)
      rate = program.learningRate(at: time, planned: self.rate(at: time, after: losses))
      stage = program.stage(at: time)
      last = batch
      let values = try guarded(epoch: epoch, step: step) {
        try program.step(
          batch, time, learningRate: Float(rate), random: Philox(seed: seed).split(.dropout, step))
      }
      lastValues = values
      distances?.note()
      for (term, value) in values.enumerated() where !value.isNaN {
        sums[term] += Double(value) * Double(indices.count)
        counts[term] += indices.count
      }
      for observer in observers {
        try observer.step(index + 1, of: stepsPerEpoch, epoch: epoch, program.termNames, values)
      }
      for moment in moments where moment.floor == epoch && moment.steps(perEpoch: stepsPerEpoch) == step + 1 {
        for observer in observers { try observer.moment(moment, program) }
        if let distances { told.append(.init(moment: moment, distances: distances.soFar)) }
      }
      try tell(.step(done: index + 1, of: stepsPerEpoch, loss: values.first { !$0.isNaN }.map(Double.init) ?? 0))
    }
    let seconds = (clock.now - start) / .seconds(1)
    let peak = StoragePool.peakBytesInUse
    let evaluation = judged(program.student)
    let others = program.others.map { other in
      let found = judged(other.network)
      return TrainingHistory.Other(
        role: other.role.description, model: other.network.specification.name,
        developmentAccuracy: found.developmentAccuracy, developmentLoss: found.developmentLoss,
        developmentMetrics: found.developmentMetrics)
    }
    if let complaint = samples.complaint { throw WorkError(complaint) }
    // The last step may have broken what no later step of the epoch could show: such weights are not kept.
    let broken = program.participants.lazy.compactMap { Blame.brokenWeight(of: $0.network) }.first
    if let last, broken != nil || !evaluation.developmentLoss.isFinite {
      let problem = broken.map { "'\($0)'" } ?? "loss term 'labels' on the development split"
      throw failure("\(problem) is not a number after", last, epoch, lastValues)
    }
    // A high rate may go wrong for some epochs and come back: what counts is how it ends.
    if let last, epoch + 1 == epochs, evaluation.developmentLoss > Evaluation.unspeakable {
      let found = evaluation.text + " on the development split"
      guard !Evaluation.isAtChance(evaluation.developmentAccuracy ?? 0, samples.heldOutLabels) else {
        throw failure("the network has learned nothing (\(found)) after", last, epoch, lastValues)
      }
      try tell(.note("the logits lie too far apart for a softmax (\(found)): lower the learning rate or set clip-norm"))
    }
    let pulls = program.takeTermGradients()
    let metrics = program.takeMetrics()
    return TrainingHistory.Epoch(
      epoch: epoch + 1, terms: zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) },
      developmentAccuracy: evaluation.developmentAccuracy, developmentLoss: evaluation.developmentLoss,
      developmentMetrics: evaluation.developmentMetrics, learningRate: rate, seconds: seconds, stage: stage,
      stepDistances: distances?.soFar, gradients: pulls.isEmpty ? nil : pulls,
      metrics: metrics.isEmpty ? nil : metrics, peakBytes: peak, others: others.isEmpty ? nil : others,
      moments: told.isEmpty ? nil : told)
  }

  /// The images of an epoch, batch after batch.
  private func order(of epoch: Int) -> [Int] {
    switch program.batchOrder {
    case .shuffled: BatchMaker.order(count: samples.count, seed: seed, epoch: epoch)
    case .classUniform(let images):
      BatchMaker.classUniformOrder(
        labels: labels, steps: stepsPerEpoch, batch: settings.batch, imagesPerClass: images,
        seed: seed, epoch: epoch)
    }
  }

  private func judged(_ network: any Network) -> TaskResult {
    TaskResult(samples.task, samples.heldOut(network.logits), samples.heldOutLabels)
  }

  /// Warm-up and cosine move with every step, milestones at the starts of epochs; a second stage begins anew.
  private func rate(at time: TrainingClock, after losses: [Double]) -> Double {
    let isSecond = time.epoch >= settings.epochs
    let stage = isSecond ? second ?? settings : settings
    let step = time.step - (isSecond ? settings.epochs * stepsPerEpoch : 0)
    let position = Double(step) / Double(stepsPerEpoch)
    // The first step of a warm-up has a rate above zero.
    let moment = position < stage.schedule.warmUp ? Double(step + 1) / Double(stepsPerEpoch) : position
    return stage.schedule.rate(
      at: moment, of: stage.epochs, after: isSecond ? Array(losses.dropFirst(settings.epochs)) : losses)
  }

  private func guarded<R>(epoch: Int, step: Int, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let broken as NonFiniteTerm {
      let problem = broken.weight.map { "the gradient of loss term '\(broken.term)' to '\($0)'" }
      throw failure(
        "\(problem ?? "loss term '\(broken.term)'") is not a number at", broken.batch, epoch, step: step + 1,
        term: broken.term)
    }
  }

  /// What an epoch's end shows: its last step went well, and its terms say which of them was large.
  private func failure(_ problem: String, _ batch: Batch, _ epoch: Int, _ values: [Float]) -> Divergence {
    let terms = zip(program.termNames, values).filter { !$1.isNaN }
    return failure(
      problem, batch, epoch, step: (epoch + 1) * stepsPerEpoch, term: terms.map(\.0).joined(separator: " + "),
      detail: "loss terms of that step: " + terms.map { "\($0) \($1)" }.joined(separator: ", ") + "; ")
  }

  private func failure(
    _ problem: String, _ batch: Batch, _ epoch: Int, step: Int, term: String, detail: String = ""
  ) -> Divergence {
    let layer = Blame.firstBroken(in: program, batch)
    let good = observers.compactMap { $0.checkpoint(epoch: history.epochs.count) }.first
    let whole = "\(problem) step \(step) (epoch \(epoch + 1))"
    let time = TrainingClock(step: step - 1, epochs: epochs, stepsPerEpoch: stepsPerEpoch)
    return Divergence(
      problem: whole,
      description: (good.map { "\($0.deletingLastPathComponent().path): " } ?? "")
        + "\(whole); first layer that is not finite: \(layer); \(detail)"
        + (good.map { "last good checkpoint: \($0.lastPathComponent); " } ?? "") + program.remedy(for: term, at: time))
  }
}
