import Analysis
import Checkpoints
import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors

/// What the layers of one network at one epoch have in common with the finished teacher's: rows are the network's
/// layers, columns the teacher's.
struct LayerSimilarity {
  let role: String
  let seed: Int
  let epoch: Int
  let table: SimilarityTable
}

extension Evaluations {
  /// Development images over which layers are compared.
  static let similarityImages = 512
  /// Epochs at which the first seed's networks are compared; the other seeds are at the last one.
  private static let mostEpochs = 8

  /// The epochs of the curves: all that stay, or so many spread evenly from the first to the last, and the
  /// initialisation.
  var similarityEpochs: [Int] {
    let kept = recipe.keptEpochs
    guard kept.count > Self.mostEpochs else { return kept }
    let steps = Self.mostEpochs - 2
    return [kept[0]] + (0...steps).map { kept[1 + $0 * (kept.count - 2) / steps] }
  }

  /// Of those the ones that are there for every network of the first seed: an earlier process may have kept fewer.
  private func comparableEpochs() -> [Int] {
    similarityEpochs.filter { epoch in
      epoch == recipe.training.epochs
        || comparedNetworks.filter { $0.seed == firstSeed }.allSatisfy { role, seed in
          let file = folders.training(role, seed: seed).checkpoint(epoch: recipe.trainedEpoch(epoch, of: role))
          return FileManager.default.fileExists(atPath: file.path)
        }
    }
  }

  /// CKA of every student's and baseline's layers with the teacher's; kept as long as weights and images are the same.
  func layerSimilarities() throws -> [LayerSimilarity] {
    let data = try data()
    let images = data.development.spread(Self.similarityImages)
    let shared = "cka 1 \(AnswerStore.key(of: images, data.normalization)) \(try teachers.key())"
    // Only if something is not stored yet; then once.
    var teacher: [FeatureGram]?
    func grams(_ network: any Network) -> [FeatureGram] {
      NetworkGrams.of(
        network, at: NetworkGrams.layers(of: network), on: images, count: images.count, data.normalization)
    }
    let epochs = comparableEpochs()
    let jobs = comparedNetworks.flatMap { role, seed in
      (seed == firstSeed ? epochs : [recipe.training.epochs]).map { (role: role, seed: seed, epoch: $0) }
    }
    progress.begin(similarityStage)
    defer { if teacher == nil { progress.skip() } }
    return try jobs.enumerated().map { index, job in
      try Interrupt.check()
      let folder = folders.training(job.role, seed: job.seed)
      let file = folder.checkpoint(epoch: recipe.trainedEpoch(job.epoch, of: job.role))
      let store = context.answerStore(folder.url.appendingPathComponent("similarity"))
      let key = "\(shared) \(try AnswerStore.key(of: file))"
      let name = file.deletingPathExtension().lastPathComponent
      let table = try store.document(name, key: key, fits: \SimilarityTable.isWhole) {
        let share = Double(index) / Double(jobs.count)
        if teacher == nil { progress.resume(after: share) }
        progress.update(share) { "checkpoint \(index + 1)/\(jobs.count)" }
        let network = try RunFolder.network(at: file)
        network.freeze()
        let columns = try teacher ?? grams(try teachers.trained())
        teacher = columns
        return SimilarityTable(grams(network), columns)
      }
      return LayerSimilarity(role: job.role, seed: job.seed, epoch: job.epoch, table: table)
    }
  }

  var similarityStage: String { "comparing layers with the teacher's" }

  /// In multiply–accumulate operations: forward passes, and inner products of a layer that is about as large as the
  /// first stage's.
  func similarityCost(student: Double, teacher: Double) throws -> Double {
    let checkpoints = Double(studentRoles.count * (similarityEpochs.count + recipe.seeds.count - 1))
    let images = Double(min(Self.similarityImages, try data().development.count))
    return checkpoints * images * (student * 4 + images * 30_000) + images * teacher * 4
  }
}
