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

  /// The first layer whose weights or whose output for this batch are not finite; nil if all are.
  static func firstNonFiniteLayer(of network: any Network, _ batch: Batch) -> String? {
    let weights = network.namedParameters.first { $0.parameter.role.isTrainable && !$0.parameter.tensor.isFinite }
    if !batch.images.isFinite { return "the input images" }
    // Before the ReLU too: it turns NaN into 0.
    let points = network.probePoints.flatMap { point in
      (point.hasRelu ? [FeaturePoint(point.name, preActivation: true)] : []) + [FeaturePoint(point.name)]
    }
    let pass = ForwardPass(.training, features: Set(points), updatesStatistics: false)
    _ = withoutRecording { network(batch.images, pass) }
    if let point = points.first(where: { pass.features[$0].map { !$0.isFinite } ?? false }) {
      return point.layer + (weights.map { " (weights of \($0.name))" } ?? "")
    }
    return weights?.name
  }
}
