import Checkpoints
import Datasets
import Distillation
import Foundation
import Models
import NeuralNetworks
import Reporting
import Support
import Tensors
import Training

/// The two networks of one level and seed.
package struct PartsTraining {
  let level: PartsLevel
  let seed: Int
  /// Of the network that learned part A's variant.
  let a: TrainingHistory
  /// Of the network that learned part B's.
  let b: TrainingHistory

  package init(level: PartsLevel, seed: Int, a: TrainingHistory, b: TrainingHistory) {
    self.level = level
    self.seed = seed
    self.a = a
    self.b = b
  }

  func history(_ network: PartsNetwork) -> TrainingHistory { network == .a ? a : b }

  /// Development accuracy at the end.
  func accuracy(_ network: PartsNetwork) -> Double { history(network).epochs.last?.accuracy ?? 0 }

  /// The epoch whose development accuracy is nearest to the middle between chance and the last epoch's.
  func halfEpoch(_ network: PartsNetwork, chance: Double) -> Int {
    let middle = (chance + accuracy(network)) / 2
    return history(network).epochs.dropLast().min {
      abs($0.accuracy - middle) < abs($1.accuracy - middle)
    }?.epoch ?? 1
  }
}

/// Which part a network learned.
enum PartsNetwork: String, CaseIterable {
  case a, b
}

extension ConceptValidity {
  /// Trains both networks of every level and seed, from the same first weights.
  func train() throws -> [PartsTraining] {
    try levels.flatMap { level in
      let pictures = try pictures(level)
      return try seeds.map { seed in
        PartsTraining(
          level: level, seed: seed, a: try train(level, pictures.a, .a, seed: seed),
          b: try train(level, pictures.b, .b, seed: seed))
      }
    }
  }

  private func train(
    _ level: PartsLevel, _ data: DataSplits, _ network: PartsNetwork, seed: Int
  ) throws -> TrainingHistory {
    let specification = specification(size: data.train.height)
    let facts = CheckpointFacts(
      model: specification, role: network.rawValue, epoch: 0, data: data.train.name, mean: data.normalization.mean,
      deviation: data.normalization.std, classes: data.train.classes,
      recipeHash: SHA256.hexDigest(of: "\(trainingText(level)) \(network.rawValue)"))
    let settings = training(at: level)
    let trainer = Trainer(
      JointProgram(
        student: try ModelCatalog.build(specification, seed: UInt64(seed)), makeOptimizer: settings.makeOptimizer),
      data: data, settings: settings, augmentation: data.augmentation, seed: UInt64(seed),
      observers: [RunKeeper(folder(level, network, seed: seed), facts: facts)])
    let name = trainingName(level, network, seed: seed)
    progress.begin(name)
    return try timed("training") {
      try TrainingStage(name: name, epochs: settings.epochs, data: data, progress: progress).run(trainer)
    }
  }

  func trainingName(_ level: PartsLevel, _ network: PartsNetwork, seed: Int) -> String {
    "training \(network.rawValue) on \(level.rawValue), seed \(seed)"
  }

  private func folder(_ level: PartsLevel, _ network: PartsNetwork, seed: Int) -> RunFolder {
    folders.training("\(level.rawValue)-\(network.rawValue)", seed: seed)
  }

  /// The checkpoint of a network at a stage of its training.
  func checkpoint(_ stage: PartsStage, _ network: PartsNetwork, _ training: PartsTraining) -> URL {
    let folder = folder(training.level, network, seed: training.seed)
    return switch stage {
    case .untrained: folder.checkpoint(epoch: 0)
    case .halfTrained: folder.checkpoint(epoch: training.halfEpoch(network, chance: chanceAccuracy))
    case .trained: folder.checkpoint(epoch: self.training(at: training.level).epochs)
    }
  }

  /// Why nothing can be said of a level: the first network that has not learned its part.
  func failure(_ trainings: [PartsTraining]) -> String? {
    for training in trainings {
      for network in PartsNetwork.allCases where training.accuracy(network) < Self.solvedAccuracy {
        let share = NumberFormat.percent(training.accuracy(network))
        return "network \(network.rawValue) of seed \(training.seed) has \(share) of the development images right, "
          + "at least \(Int(100 * Self.solvedAccuracy)) % are needed"
      }
    }
    return nil
  }
}
