import Checkpoints
import Datasets
import Models

/// A teacher from a file, made fit for the images and the classes of a run.
struct TeacherFile {
  /// Frozen; it takes the run's images, and its outputs are the run's classes.
  let network: any Network
  /// What the file says of itself.
  let facts: CheckpointFacts?
  /// How the network's own images are normalised, where it is otherwise than the run's; nil for the run's.
  let normalization: Normalization?
  /// How the classes of file and data belong together.
  let classes: ClassMatch

  /// What was done to the network, as the report says it; empty for nothing.
  var changes: [String] {
    let names = { (values: [Float]) in values.map { "\($0)" }.joined(separator: ", ") }
    let own = normalization.map {
      "it sees its images by its own normalisation, mean \(names($0.mean)), deviation \(names($0.std))"
    }
    let order = classes == .reordered ? "its classes are matched by name, since they stand in another order" : nil
    return [own, order].compactMap(\.self)
  }

  /// Tells its answers from those of the same file used as it lies there; empty where it is.
  var key: String {
    (normalization.map { " mean \($0.mean) deviation \($0.std)" } ?? "") + (classes == .reordered ? " by name" : "")
  }
}
