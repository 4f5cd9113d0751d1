import Foundation
import Support
import Training

extension Experiment {
  /// Refuses to measure epochs whose weights a training went past without keeping them.
  ///
  /// - Throws: ``InputError`` that names the first such epoch, and those that can be measured.
  func requireKept() throws {
    guard recipe.analysis.measures else { return }
    for seed in recipe.seeds {
      for role in studentRoles {
        for epoch in recipe.measuredEpochs where !isKept(epoch, of: role, seed: seed) {
          let there = (0...recipe.training.epochs).filter { epoch in
            recipe.seeds.allSatisfy { seed in studentRoles.allSatisfy { isKept(epoch, of: $0, seed: seed) } }
          }
          let remedy =
            there.last == recipe.training.epochs && there.contains(0)
            ? "measure what is there, such as --set analysis.epochs=[\(there.map(String.init).joined(separator: ", "))]"
            : "concepts need the first and the last weights; train with training.keep: measured, or all"
          let what = recipe.training.keep == .all ? "is not there any more" : "was not kept"
          throw InputError(folders.run.path, "epoch \(epoch) of \(role), seed \(seed), \(what)", remedy: remedy)
        }
      }
    }
  }

  /// Whether the weights of an epoch are there, or still to come.
  private func isKept(_ epoch: Int, of role: String, seed: Int) -> Bool {
    let (folder, trained) = (folders.training(role, seed: seed), recipe.trainedEpoch(epoch, of: role))
    if FileManager.default.fileExists(atPath: folder.checkpoint(epoch: trained).path) { return true }
    let done = (try? history(role, seed: seed))?.epochs.count
    return done.map { $0 < trained } ?? true
  }
}
