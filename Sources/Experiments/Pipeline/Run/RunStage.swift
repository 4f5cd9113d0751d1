import Checkpoints
import Datasets
import Foundation
import Models
import Support
import Training

/// A stage of a run, which sees what all stages share.
protocol RunStage {
  var context: RunContext { get }
}

extension RunContext: RunStage {
  var context: RunContext { self }
}

extension RunStage {
  var recipe: Recipe { context.recipe }
  var folders: ExperimentFolders { context.folders }
  var progress: ProgressDisplay { context.progress }
  var isComparison: Bool { context.isComparison }

  /// Names of the networks that are compared, trained for every seed: the baseline, then the students.
  var studentRoles: [String] { [RoleName.baseline] + recipe.students.map(\.name) }

  /// The seed of the teacher, and of what is shown of one seed alone.
  var firstSeed: Int { recipe.seeds.first ?? 1 }

  /// The seeds of a network that are there: its training did not diverge, nor that of a network that it learns from.
  func seeds(of role: String) -> [Int] { context.leftOut.seeds(of: role) }

  /// Baseline and students with every seed that is there, seed by seed.
  var comparedNetworks: [(role: String, seed: Int)] {
    recipe.seeds.flatMap { seed in studentRoles.map { (role: $0, seed: seed) } }
      .filter { !context.leftOut.contains($0.role, seed: $0.seed) }
  }

  /// The data, loaded once.
  func data() throws -> DataSplits { try context.data() }

  /// What a network of this recipe is, for the loaded data.
  func specification(_ model: ModelRecipe) throws -> ModelSpecification {
    let train = try data().train
    return ModelSpecification(
      model.name, classes: train.classes.count, channels: train.channels, height: train.height, width: train.width,
      options: model.options.values)
  }

  /// The last epoch of a network's training: where its accuracy is measured. Stages before are counted, and one behind
  /// it, in which features do not move; they are measured up to `training.epochs`.
  func lastEpoch(of role: String) -> Int { recipe.lastEpoch(of: role) }

  /// The log of one training.
  func history(_ role: String, seed: Int) throws -> TrainingHistory {
    try TrainingHistory.read(folders.training(role, seed: seed))
  }

  /// Whether a network's weights at a moment of its training are there, or still to come.
  func isKept(_ moment: Moment, of role: String, seed: Int) -> Bool {
    if FileManager.default.fileExists(atPath: folders.training(role, seed: seed).checkpoint(at: moment).path) {
      return true
    }
    let done = (try? history(role, seed: seed))?.epochs.count
    return done.map { Moment(epoch: $0) < moment } ?? true
  }
}
