import Analysis
import Foundation

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
  /// The epochs whose checkpoints are measured, ascending: those of the recipe, else by the published procedure all, at
  /// fixed distortion up to six, dense where learning happens. The untrained network is always among the latter.
  package func measuredEpochs(_ procedure: EntropyProcedure) -> [Int] {
    let last = training.epochs
    guard procedure == .fixedDistortion else { return analysis.epochs ?? Array(0...last) }
    guard analysis.epochs == nil, last > Self.mostLearningEpochs else {
      return Set(analysis.epochs ?? Array(0...last)).union([0]).sorted()
    }
    let steps = Self.mostLearningEpochs - 1
    let places = (0...steps).map { Int(pow(Double(last), Double($0) / Double(steps)).rounded()) }
    return Set([0] + places).sorted()
  }

  private static let mostLearningEpochs = 6

  /// The epochs that any of the procedures measures, ascending.
  var measuredEpochs: [Int] { Set(analysis.procedures.flatMap { measuredEpochs($0) }).sorted() }

  /// Epochs whose checkpoints stay, ascending.
  var keptEpochs: [Int] {
    let (last, measured) = (training.epochs, analysis.measures ? measuredEpochs : [])
    return switch training.keep {
    case .all: Array(0...last)
    case .measured: Set([0, last] + measured).sorted()
    case .last: [last]
    }
  }

  /// Epochs of a network's training whose checkpoints stay; nil for all.
  func keptEpochs(of role: String) -> Set<Int>? {
    guard training.keep != .all else { return nil }
    let last = lastEpoch(of: role)
    let teaching = teachingEpochs(of: role)
    guard role != "teacher" else { return teaching.union(training.keep == .last ? [last] : [0, last]) }
    return teaching.union(keptEpochs.map { trainedEpoch($0, of: role) } + [last])
  }

  /// Measured epochs at which a network has learned something.
  func learningEpochs(_ procedure: EntropyProcedure) -> [Int] { measuredEpochs(procedure).filter { $0 >= 1 } }

  /// When a role has reached an epoch, as a share of the baseline's optimiser steps: stages before the joint training
  /// count, a classifier stage behind it does not.
  func time(_ epoch: Int, of role: String) -> Double {
    Double(trainedEpoch(epoch, of: role)) / Double(training.epochs)
  }

  /// The networks that are measured at a layer: the baseline, and the students that are compared there.
  func roles(at layer: String) -> [String] {
    ["baseline"] + students.filter { $0.measuredLayers.isEmpty || $0.measuredLayers.contains(layer) }.map(\.name)
  }

  /// First epoch at which the published procedure asks whether an image is valid.
  var firstValidEpoch: Int {
    min(training.epochs, Int((analysis.published.validFrom * Double(training.epochs)).rounded()))
  }
}

extension Recipe {
  /// The last epoch of a network's training, stages before and behind it counted.
  func lastEpoch(of role: String) -> Int {
    role == "teacher" ? teacherEpochs : trainedEpoch(training.epochs, of: role) + classifierEpochs(of: role)
  }

  /// Which epoch of a network's training belongs to an epoch of the recipe: stages before the joint training are counted
  /// there as the student's budget has it, but 0 is the initialisation for all.
  func trainedEpoch(_ epoch: Int, of role: String) -> Int {
    taught(role)?.trainedEpoch(epoch) ?? epoch
  }

  /// Epochs of a student's second stage; 0 where there is none.
  func classifierEpochs(of role: String) -> Int { taught(role)?.classifierEpochs ?? 0 }
}
