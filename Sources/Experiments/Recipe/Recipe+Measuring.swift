import Analysis
import Foundation
import Support

extension AnalysisRecipe {
  /// The procedures that are carried out, in order.
  var procedures: [EntropyProcedure] {
    switch procedure {
    case .fixedDistortion: [.fixedDistortion]
    case .published: [.published]
    case .both: [.fixedDistortion, .published]
    case .nothing: []
    }
  }

  /// The solver's settings.
  var entropySettings: EntropySettings {
    EntropySettings(distortion: distortion, grid: grid, iterations: iterations, draws: draws)
  }

  /// The published procedure's settings for a network.
  ///
  /// - Parameter model: name in the catalogue; decides λ.
  /// - Returns: the paper's settings, but for what the recipe changes.
  func publishedSettings(for model: String) -> PublishedSettings {
    PublishedSettings(
      grid: grid, draws: published.draws, steps: published.steps, extraSteps: published.extraSteps,
      weight: PublishedSettings.weight(for: model))
  }
}

extension Recipe {
  /// The moments whose checkpoints are measured, ascending: those of the recipe, else by the published procedure all, at
  /// fixed distortion up to six ends of epochs, dense where learning happens, and every moment inside of an epoch. The
  /// untrained network is always among the latter.
  package func measuredEpochs(_ procedure: EntropyProcedure) -> [Moment] {
    let last = training.epochs
    if let asked = analysis.epochs { return procedure == .published ? asked : Set(asked + [0]).sorted() }
    var epochs = Array(0...last)
    if procedure == .fixedDistortion, last > Self.mostLearningEpochs {
      let steps = Self.mostLearningEpochs - 1
      epochs = [0] + (0...steps).map { Int(pow(Double(last), Double($0) / Double(steps)).rounded()) }
    }
    return Set(epochs.map(Moment.init(epoch:)) + training.checkpoints).sorted()
  }

  private static let mostLearningEpochs = 6

  /// The moments that any of the procedures measures, ascending.
  var measuredEpochs: [Moment] { Set(analysis.procedures.flatMap { measuredEpochs($0) }).sorted() }

  /// Epochs whose checkpoints stay, ascending; moments inside of them stay in any case.
  var keptEpochs: [Int] {
    let last = training.epochs
    return switch training.keep {
    case .all: Array(0...last)
    case .measured: Set([0, last] + (analysis.measures ? measuredEpochs.compactMap(\.wholeEpoch) : [])).sorted()
    case .last: [last]
    }
  }

  /// Moments inside of epochs at which a network's weights are kept, ascending.
  func keptMoments(of role: String) -> [Moment] {
    training.checkpoints.map { trainedMoment($0, of: role) }.filter { $0 < Moment(epoch: lastEpoch(of: role)) }
  }

  /// Epochs of a network's training whose checkpoints stay; nil for all.
  func keptEpochs(of role: String) -> Set<Int>? {
    guard training.keep != .all else { return nil }
    let last = lastEpoch(of: role)
    // The way of the weights to a moment is told between the ends of its epoch.
    let around = keptMoments(of: role).flatMap { [$0.floor, $0.floor + 1] }
    let teaching = teachingEpochs(of: role).union(around)
    guard teacher(named: role) == nil else { return teaching.union(training.keep == .last ? [last] : [0, last]) }
    return teaching.union(keptEpochs.map { trainedEpoch($0, of: role) } + [last])
  }

  /// Measured epochs at which a network has learned something.
  func learningEpochs(_ procedure: EntropyProcedure) -> [Moment] { measuredEpochs(procedure).filter { $0 >= 1 } }

  /// When a role has reached an epoch, as a share of the baseline's optimiser steps: stages before the joint training
  /// count, a classifier stage behind it does not.
  func time(_ moment: Moment, of role: String) -> Double {
    trainedMoment(moment, of: role).epochs / Double(training.epochs)
  }

  /// The networks that are measured at a layer: the baseline, and the students that are compared there.
  func roles(at layer: String) -> [String] {
    [RoleName.baseline] + students.filter { $0.measuredLayers.isEmpty || $0.measuredLayers.contains(layer) }.map(\.name)
  }

  /// First epoch at which the published procedure asks whether an image is valid.
  var firstValidEpoch: Moment {
    Moment(epoch: min(training.epochs, Int((analysis.published.validFrom * Double(training.epochs)).rounded())))
  }
}

extension Recipe {
  /// The last epoch of a network's training, stages before and behind it counted.
  func lastEpoch(of role: String) -> Int {
    teacher(named: role)?.epochs ?? trainedEpoch(training.epochs, of: role) + classifierEpochs(of: role)
  }

  /// Which epoch of a network's training belongs to an epoch of the recipe: stages before the joint training are counted
  /// there as the student's budget has it, but 0 is the initialisation for all.
  func trainedEpoch(_ epoch: Int, of role: String) -> Int {
    trainedMoment(Moment(epoch: epoch), of: role).floor
  }

  /// The same for a moment inside of an epoch.
  func trainedMoment(_ moment: Moment, of role: String) -> Moment { taught(role)?.trainedMoment(moment) ?? moment }

  /// Epochs of a student's second stage; 0 where there is none.
  func classifierEpochs(of role: String) -> Int { taught(role)?.classifierEpochs ?? 0 }
}
