import Checkpoints
import Foundation
import Models
import Support
import Training

/// How far the weights below a layer have travelled (Cheng et al., CVPR 2020, section 3).
enum WeightPath {
  /// d_k = Σ_{j≤k} ‖w_j − w_{j−1}‖ / ‖w_0‖ at every epoch; w is all convolution and linear weights up to and including
  /// the layer, without biases and normalisation.
  ///
  /// - Parameters:
  ///   - folder: of one training, with the checkpoint of every epoch or at least of the first one.
  ///   - epochs: at which the distance is wanted, ascending.
  ///   - layer: name of a probe point.
  ///   - history: of the training, which noted how far each epoch went if not all checkpoints stayed.
  /// - Returns: one for each of the epochs.
  /// - Throws: ``InputError`` if a checkpoint is missing or broken, and nothing was noted in its place.
  static func distances(
    _ folder: RunFolder, epochs: [Moment], layer: String, _ history: TrainingHistory
  ) throws -> [Double] {
    let all = try everyDistance(folder, last: Int((epochs.last?.epochs ?? 0).rounded(.up)), layer: layer, history)
    let parts = Dictionary(grouping: epochs.filter { $0.wholeEpoch == nil }, by: \.floor)
    let shares = try parts.reduce(into: [:]) { shares, part in
      shares.merge(try self.shares(of: part.key, at: part.value, folder, layer)) { one, _ in one }
    }
    return epochs.map { moment in
      let share = shares[moment] ?? 0
      return share > 0 ? all[moment.floor] + (all[moment.floor + 1] - all[moment.floor]) * share : all[moment.floor]
    }
  }

  /// How much of an epoch's way lies before each moment inside of it, by the weights that were kept there: what is told of
  /// its end does not hang on how many these are.
  private static func shares(
    of epoch: Int, at moments: [Moment], _ folder: RunFolder, _ layer: String
  ) throws -> [Moment: Double] {
    let kept = folder.moments.filter { $0.wholeEpoch == nil && $0.floor == epoch }
    let end = Moment(epoch: epoch + 1)
    var (before, way) = (try weights(folder, Moment(epoch: epoch), layer).values, 0.0)
    var until: [Moment: Double] = [:]
    for stop in Set(kept + moments).sorted() + [end] {
      let now = try weights(folder, stop, layer).values
      way += distance(now, before)
      (before, until[stop]) = (now, way)
    }
    until[end] = nil
    return until.mapValues { way > 0 ? $0 / way : 0 }
  }

  private static func weights(
    _ folder: RunFolder, _ moment: Moment, _ layer: String
  ) throws -> (names: [String], values: [Float]) {
    let file = folder.checkpoint(at: moment)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw InputError(
        file.path, "was not kept, and weight distances need it",
        remedy: "train again with training.keep: measured, or all")
    }
    let network = try RunFolder.network(at: file)
    let names = network.weightNames(upTo: layer)
    let chosen = Set(names)
    return (names, network.namedParameters.filter { chosen.contains($0.name) }.flatMap { $0.parameter.tensor.floats })
  }

  private static func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private static func distance(_ now: [Float], _ earlier: [Float]) -> Double {
    zip(now, earlier).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
  }

  /// By the checkpoints where they are, else by what the training noted of the epoch.
  private static func everyDistance(
    _ folder: RunFolder, last: Int, layer: String, _ history: TrainingHistory
  ) throws -> [Double] {
    let there = Set(folder.epochs)
    func weights(_ epoch: Int) throws -> (names: [String], values: [Float]) {
      try self.weights(folder, Moment(epoch: epoch), layer)
    }
    let (names, start) = try weights(0)
    let norm = norm(start)
    var before: (epoch: Int, values: [Float]) = (0, start)
    var distances = [0.0]
    var sum = 0.0
    for epoch in stride(from: 1, through: last, by: 1) {
      let noted = epoch <= history.epochs.count ? history.epochs[epoch - 1].steps : nil
      if let noted, !there.contains(epoch - 1) || !there.contains(epoch) {
        sum += names.reduce(0) { $0 + (noted.squares[$1] ?? 0) }.squareRoot()
      } else {
        let earlier = before.epoch == epoch - 1 ? before.values : try weights(epoch - 1).values
        let now = try weights(epoch).values
        before = (epoch, now)
        sum += distance(now, earlier)
      }
      distances.append(sum / norm)
    }
    return distances
  }

  /// The distances that a training added up over its optimiser steps, over ‖w_0‖; nil where it did not.
  ///
  /// - Parameters:
  ///   - history: of the training.
  ///   - folder: with the first checkpoint.
  ///   - epochs: at which the distance is wanted.
  ///   - layer: name of a probe point.
  /// - Returns: at each epoch, of the layer's weight alone and of all weights up to it.
  /// - Throws: ``InputError`` if the first checkpoint is missing or broken.
  static func stepDistances(
    _ history: TrainingHistory, _ folder: RunFolder, epochs: [Moment], layer: String
  ) throws -> (layer: [Double], upTo: [Double])? {
    guard let last = epochs.last, last.floor <= history.epochs.count else { return nil }
    func row(_ moment: Moment) -> StepDistances? {
      guard let epoch = moment.wholeEpoch else {
        return history.epochs[moment.floor].moments?.first { $0.moment == moment }?.distances
      }
      return history.epochs[epoch - 1].stepDistances
    }
    let network = try RunFolder.network(at: folder.checkpoint(epoch: 0))
    let names = network.weightNames(upTo: layer)
    let norms = names.map { name -> Double in
      let weights = network.namedParameters.first { $0.name == name }?.parameter.tensor.floats ?? []
      return weights.reduce(0) { $0 + Double($1) * Double($1) }
    }
    guard let own = norms.last else { return nil }
    let together = norms.reduce(0, +)
    var result: (layer: [Double], upTo: [Double]) = ([], [])
    for epoch in epochs {
      guard epoch > 0 else {
        result.layer.append(0)
        result.upTo.append(0)
        continue
      }
      guard let row = row(epoch), let index = row.weights.firstIndex(of: names[names.count - 1]) else {
        return nil
      }
      result.layer.append(row.own[index] / own.squareRoot())
      result.upTo.append(row.upTo[index] / together.squareRoot())
    }
    return result
  }
}
