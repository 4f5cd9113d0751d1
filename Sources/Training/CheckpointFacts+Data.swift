import Checkpoints
import Datasets
import Models
import Support

extension CheckpointFacts {
  /// What a checkpoint says of a network that was trained on some data.
  ///
  /// - Parameters:
  ///   - network: what is stored.
  ///   - data: what it was trained on.
  ///   - role: its part; `student` unless given.
  ///   - epoch: epochs of its training.
  public init(of network: any Network, on data: DataSplits, role: String = "student", epoch: Int) {
    self.init(
      model: network.specification, role: role, epoch: Moment(epoch: epoch), data: data.train.name,
      mean: data.normalization.mean,
      deviation: data.normalization.std, classes: data.train.classes, recipeHash: "")
  }
}
