import Distillation
import Models
import NeuralNetworks
import Tensors

/// Finds where a training broke.
enum Blame {
  /// The first weight or statistic that is not finite; nil if all are.
  static func brokenWeight(of network: any Network) -> String? {
    network.namedParameters.first { !$0.parameter.tensor.isFinite }?.name
  }

  /// What is not finite first: the images, a layer of the student, a parameter of a method, a layer of the teacher; where
  /// all of them are finite, what has the largest values, whose squares or products a loss could not hold.
  ///
  /// - Parameters:
  ///   - program: after the step that broke.
  ///   - batch: that step's.
  /// - Returns: for the line behind "first layer that is not finite: ".
  static func firstBroken(in program: any TrainingProgram, _ batch: Batch) -> String {
    if !batch.images.isFinite { return "the input images" }
    let student = outputs(of: program.student, batch)
    if let name = firstNonFiniteLayer(of: program.student, student) { return name }
    let parts = program.state.filter { !$0.name.contains("optimizer.") && !$0.name.hasPrefix("preparation.") }
    if let part = parts.first(where: { !$0.tensor.isFinite }) { return "none of the student's, but \(part.name)" }
    if let teacher = program.teacher, let name = firstNonFiniteLayer(of: teacher, outputs(of: teacher, batch)) {
      return "\(name) of the teacher"
    }
    let sizes =
      student.map { (name: $0.layer, size: $0.values.largestMagnitude) }
      + parts.map { (name: $0.name, size: $0.tensor.largestMagnitude) }
    guard let largest = sizes.max(by: { $0.size < $1.size }) else { return "none" }
    return "none; the largest values are those of \(largest.name), up to \(largest.size)"
  }

  /// What each layer gives for a batch, in forward order.
  private static func outputs(of network: any Network, _ batch: Batch) -> [(layer: String, values: Tensor)] {
    // Before the ReLU too: it turns NaN into 0.
    let points = network.probePoints.flatMap { point in
      (point.hasRelu ? [FeaturePoint(point.name, preActivation: true)] : []) + [FeaturePoint(point.name)]
    }
    let pass = ForwardPass(.training, features: Set(points), updatesStatistics: false)
    _ = withoutRecording { network(batch.images.detached(), pass) }
    return points.compactMap { point in pass.features[point].map { (layer: point.layer, values: $0) } }
  }

  /// The first layer whose weights or whose output are not finite; nil if all are.
  private static func firstNonFiniteLayer(of network: any Network, _ outputs: [(layer: String, values: Tensor)])
    -> String?
  {
    let weights = network.namedParameters.first { $0.parameter.role.isTrainable && !$0.parameter.tensor.isFinite }
    if let broken = outputs.first(where: { !$0.values.isFinite }) {
      return broken.layer + (weights.map { " (weights of \($0.name))" } ?? "")
    }
    return weights?.name ?? brokenWeight(of: network)
  }
}

extension Tensor {
  /// The largest magnitude of all values.
  fileprivate var largestMagnitude: Float { withFloats { $0.reduce(0) { max($0, abs($1)) } } }
}
