import Analysis
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Training

/// What is asked before any work, so that hours of training do not end at what cannot be measured.
extension Measurements {
  /// Refuses to measure epochs whose weights a training went past without keeping them.
  ///
  /// - Throws: ``InputError`` that names the first such epoch, and those that can be measured.
  func requireKept() throws {
    guard recipe.analysis.measures else { return }
    let networks = comparedNetworks
    for (role, seed) in networks {
      for epoch in recipe.measuredEpochs where !isMeasurable(epoch, of: role, seed: seed) {
        let all = (0...recipe.training.epochs).map(Moment.init(epoch:)) + recipe.training.checkpoints
        let there = all.sorted().filter { epoch in
          networks.allSatisfy { isMeasurable(epoch, of: $0.role, seed: $0.seed) }
        }
        let remedy =
          there.last?.wholeEpoch == recipe.training.epochs && there.contains(0)
          ? "measure what is there, such as --set analysis.epochs=[\(there.map(\.description).joined(separator: ", "))]"
          : "concepts need the first and the last weights; train with training.keep: measured, or all"
        let what = recipe.training.keep == .all ? "is not there any more" : "was not kept"
        throw InputError(folders.run.path, "epoch \(epoch) of \(role), seed \(seed), \(what)", remedy: remedy)
      }
    }
  }

  /// Whether the weights at a moment that the recipe counts are there, or still to come.
  private func isMeasurable(_ moment: Moment, of role: String, seed: Int) -> Bool {
    isKept(recipe.trainedMoment(moment, of: role), of: role, seed: seed)
  }

  /// Hours of training must not end at images that cannot be measured.
  func requireMasks() throws {
    guard recipe.analysis.measures else { return }
    let images = try data().development
    // The published procedure has a rule for images without masks.
    guard images.masks != nil || recipe.analysis.procedures == [.published] else {
      let remedy = recipe.data.options[SharedDataOptions.masks] == nil ? "" : "; masks: box takes the central box"
      throw InputError("data.set", "\(images.name) has no masks", remedy: "concepts need foreground masks\(remedy)")
    }
    let side = min(images.height, images.width)
    guard recipe.analysis.grid <= side else {
      throw InputError(
        "analysis.grid", "is \(recipe.analysis.grid) on images of \(side) pixels", remedy: "it takes at most \(side)")
    }
    try requirePosition()
  }

  /// Masks may be there and useless: all empty or full at the grid's cells.
  func requireProbes() throws {
    for procedure in recipe.analysis.procedures {
      guard try !probeSet(procedure).images.isEmpty else {
        throw InputError(
          "data.set", "no development image of \(try data().development.name) has cells of both object and background",
          remedy: "concepts need masks that are neither empty nor full; a larger analysis.grid has smaller cells")
      }
    }
  }

  /// Refuses layers that the student does not have.
  ///
  /// - Throws: ``InputError`` that names the nearest layer.
  func requireLayers() throws {
    let network = try ModelCatalog.build(specification(recipe.student), seed: 0, at: "student")
    for layer in recipe.analysis.layers { _ = try network.probePoint(layer, at: "analysis.layers") }
  }
}
