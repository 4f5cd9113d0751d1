import Statistics

/// The numbers that concepts give: each is a mean, or a standard deviation, over images of something measured per image.
public enum ConceptQuantity: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
  /// N_fg at the last epoch.
  case foregroundConcepts = "foreground-concepts"
  /// N_bg at the last epoch.
  case backgroundConcepts = "background-concepts"
  /// N_fg as a fraction of the foreground.
  case foregroundFraction = "foreground-fraction"
  /// N_bg as a fraction of the background.
  case backgroundFraction = "background-fraction"
  /// λ at the last epoch.
  case conceptShare = "concept-share"
  /// D_mean.
  case learningDistanceMean = "learning-distance-mean"
  /// D_std.
  case learningDistanceDeviation = "learning-distance-deviation"
  /// D_mean as a share of the run's whole distance.
  case learningShareMean = "learning-share-mean"
  /// D_std as a share of the run's whole distance.
  case learningShareDeviation = "learning-share-deviation"
  /// D_mean, distances summed over optimiser steps.
  case learningStepDistanceMean = "learning-step-distance-mean"
  /// D_std, distances summed over optimiser steps.
  case learningStepDistanceDeviation = "learning-step-distance-deviation"
  /// D_mean of the published procedure: distances of the measured layer's weights, summed over optimiser steps.
  case learningLayerDistanceMean = "learning-layer-distance-mean"
  /// Population variance over images of the same distances.
  case learningLayerDistanceVariance = "learning-layer-distance-variance"
  /// ρ.
  case stability
  /// ρ of the published procedure: images without any concept count as 0.
  case stabilityCountingEmpty = "stability-counting-empty"
  /// ρ of the last checkpoint measured again and again.
  case noiseFloor = "noise-floor"

  /// The symbol of the paper, as a report prints it.
  public var symbol: String {
    switch self {
    case .foregroundConcepts: "N_fg"
    case .backgroundConcepts: "N_bg"
    case .foregroundFraction: "N_fg / |Λ_fg|"
    case .backgroundFraction: "N_bg / |Λ_bg|"
    case .conceptShare: "λ"
    case .learningDistanceMean: "D_mean"
    case .learningDistanceDeviation: "D_std"
    case .learningShareMean: "D_mean / d_M"
    case .learningShareDeviation: "D_std / d_M"
    case .learningStepDistanceMean: "D_mean (steps)"
    case .learningStepDistanceDeviation: "D_std (steps)"
    case .learningLayerDistanceMean: "D_mean (layer, steps)"
    case .learningLayerDistanceVariance: "D_var (layer, steps)"
    case .stability: "ρ"
    case .stabilityCountingEmpty: "ρ (empty = 0)"
    case .noiseFloor: "ρ of noise alone"
    }
  }

  /// The unit; empty for ratios.
  public var unit: String {
    switch self {
    case .foregroundConcepts, .backgroundConcepts: "cells"
    default: ""
    }
  }

  /// What it is, in one line.
  public var summary: String {
    switch self {
    case .foregroundConcepts: "concepts on the object, mean over images, last epoch"
    case .backgroundConcepts: "concepts on the background, mean over images, last epoch"
    case .foregroundFraction: "share of the object's cells that are concepts, last epoch"
    case .backgroundFraction: "share of the background's cells that are concepts, last epoch"
    case .conceptShare: "share of an image's concepts that lie on the object, last epoch"
    case .learningDistanceMean: "weight distance at which an image has most concepts, mean over images"
    case .learningDistanceDeviation: "weight distance at which an image has most concepts, deviation over images"
    case .learningShareMean: "the same mean as a share of the run's whole weight distance"
    case .learningShareDeviation: "the same deviation as a share of the run's whole weight distance"
    case .learningStepDistanceMean: "the same mean, weight distance summed over optimiser steps"
    case .learningStepDistanceDeviation: "the same deviation, weight distance summed over optimiser steps"
    case .learningLayerDistanceMean: "mean weight distance of the layer alone, summed over optimiser steps"
    case .learningLayerDistanceVariance: "population variance over images of the layer's weight distance"
    case .stabilityCountingEmpty: "the same, images without any concept counted as 0"
    case .stability: "share of all concepts ever learned that are there at the last epoch"
    case .noiseFloor: "the stability that a network which does not change would show"
    }
  }

  /// What it is of the images' values: a mean, or how much they differ.
  private enum Form { case mean, deviation, populationVariance }

  private var form: Form {
    switch self {
    case .learningDistanceDeviation, .learningShareDeviation, .learningStepDistanceDeviation: .deviation
    case .learningLayerDistanceVariance: .populationVariance
    default: .mean
    }
  }

  /// The fewest images that give a value.
  var fewestImages: Int { form == .mean ? 1 : 2 }

  /// The quantity of the drawn images.
  ///
  /// - Parameters:
  ///   - values: one per image.
  ///   - units: positions in `values`, with repeats; at least ``fewestImages`` of them.
  /// - Returns: in the quantity's unit.
  func statistic(of values: [Double], _ units: [Int]) -> Double {
    var sum = 0.0
    for unit in units { sum += values[unit] }
    let centre = sum / Double(units.count)
    guard form != .mean else { return centre }
    var squares = 0.0
    for unit in units { squares += (values[unit] - centre) * (values[unit] - centre) }
    return form == .deviation ? (squares / Double(units.count - 1)).squareRoot() : squares / Double(units.count)
  }
}
