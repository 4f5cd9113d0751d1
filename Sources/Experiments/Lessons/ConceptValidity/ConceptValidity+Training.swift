import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import Training

/// The two trainings of one seed.
package struct ValidityTraining {
  let seed: Int
  /// On the true labels.
  let history: TrainingHistory
  /// On permuted labels.
  let shuffled: TrainingHistory

  package init(seed: Int, history: TrainingHistory, shuffled: TrainingHistory) {
    self.seed = seed
    self.history = history
    self.shuffled = shuffled
  }

  /// Development accuracy at the end.
  var accuracy: Double { history.epochs.last?.developmentAccuracy ?? 0 }

  /// The epoch whose development accuracy is nearest to the middle between chance and the last epoch's.
  func halfEpoch(chance: Double) -> Int {
    let middle = (chance + accuracy) / 2
    return history.epochs.dropLast().min {
      abs($0.developmentAccuracy - middle) < abs($1.developmentAccuracy - middle)
    }?.epoch ?? 1
  }
}

extension ConceptValidity {
  static let shuffledFolder = "shuffled"

  /// Trains both networks of every seed.
  func train() throws -> [ValidityTraining] {
    let data = try data()
    return try seeds.map { seed in
      let history = try train(data, Role.trained.rawValue, seed: seed)
      let shuffled = try train(data.withShuffledLabels(seed: UInt64(seed)), ConceptValidity.shuffledFolder, seed: seed)
      return ValidityTraining(seed: seed, history: history, shuffled: shuffled)
    }
  }

  private func train(_ data: DataSplits, _ role: String, seed: Int) throws -> TrainingHistory {
    let network = try ModelCatalog.build(specification, seed: UInt64(seed))
    let facts = CheckpointFacts(
      model: specification, role: role, epoch: 0, data: data.train.name, mean: data.normalization.mean,
      deviation: data.normalization.std, classes: data.train.classes,
      recipeHash: SHA256.hexDigest(of: "\(trainingText) \(role)"))
    let trainer = Trainer(
      JointProgram(student: network, makeOptimizer: settings.makeOptimizer), data: data, settings: settings,
      augmentation: data.augmentation, folder: folders.training(role, seed: seed), seed: UInt64(seed), facts: facts)
    let name = trainingName(role, seed: seed)
    progress.begin(name)
    return try timed("training") {
      try TrainingStage(name: name, epochs: settings.epochs, data: data, progress: progress).run(trainer)
    }
  }

  func trainingName(_ role: String, seed: Int) -> String {
    role == ConceptValidity.shuffledFolder ? "training on shuffled labels, seed \(seed)" : "training, seed \(seed)"
  }

  /// A network that has not learned its task says nothing about what is measured of it.
  ///
  /// - Throws: ``WorkError`` naming the first seed that has not.
  func requireSolved(_ trainings: [ValidityTraining]) throws {
    for training in trainings where training.accuracy < solvedAccuracy {
      throw WorkError(
        "\(folders.run.path): seed \(training.seed) answers \(percent(training.accuracy)) of the development images "
          + "(chance \(percent(chanceAccuracy)), needed \(percent(solvedAccuracy))): maps of a network that has not "
          + "learned the label say nothing about the instrument; train longer with --set epochs=… in another --out")
    }
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

  /// The checkpoint of a role.
  func checkpoint(of role: Role, _ training: ValidityTraining) -> URL {
    let own = folders.training(Role.trained.rawValue, seed: training.seed)
    return switch role {
    case .untrained: own.checkpoint(epoch: 0)
    case .halfTrained: own.checkpoint(epoch: training.halfEpoch(chance: chanceAccuracy))
    case .trained: own.checkpoint(epoch: settings.epochs)
    case .shuffled:
      folders.training(ConceptValidity.shuffledFolder, seed: training.seed).checkpoint(epoch: settings.epochs)
    }
  }
}

extension DataSplits {
  /// The same images, the labels of the training split permuted; the other splits keep theirs.
  func withShuffledLabels(seed: UInt64) -> DataSplits {
    var labels = train.labels
    var random = RandomGenerator(Philox(seed: seed).split(.split, 1))
    labels.shuffle(with: &random)
    return DataSplits(train: train.labelled(labels), development: development, test: test, augmentation: augmentation)
  }
}
