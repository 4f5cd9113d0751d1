import NeuralNetworks
import Support
import Tensors

extension Tensor {
  /// The logits of all classes but the label's, [batch, classes − 1], in the order of the classes.
  ///
  /// - Parameter labels: class of each row of these logits, [batch, classes].
  /// - Returns: on the tape if these are.
  func withoutLabels(_ labels: [Int]) -> Tensor {
    let (count, classes) = (shape[0], shape[1])
    precondition(labels.count == count, "withoutLabels: \(labels.count) labels for logits \(shape)")
    let places = labels.enumerated().flatMap { row, label in
      (0..<classes).filter { $0 != label }.map { row * classes + $0 }
    }
    return reshaped([count * classes, 1]).rows(places).reshaped([count, classes - 1])
  }

  /// Logarithms of the label's probability and of that of all others together, each [batch]; exact where one of them
  /// underflows, whatever the size of the logits and whichever of them are masked.
  ///
  /// With d = (z_y − log Σ_{c≠y} e^{z_c}), they are −log(1 + e^{−d}) and −log(1 + e^d). The largest of the others is taken off
  /// before the sum, so that d has the digits of the logits' differences.
  ///
  /// - Parameters:
  ///   - labels: class of each row of these logits, [batch, classes].
  ///   - others: what ``withoutLabels(_:)`` gives.
  ///   - temperature: what the logits are divided by.
  /// - Returns: log p_y and log(1 − p_y) of each row.
  func splitLogProbabilities(_ labels: [Int], others: Tensor, temperature: Float) -> (label: Tensor, rest: Tensor) {
    // A row of −∞ alone has no finite largest value to take off.
    let largest = withoutRecording {
      let found = others.detached().largest(alongAxis: 1, keepsAxis: true)
      return chosen(where: found.mask { $0.isFinite }, found, Tensor(0))
    }
    let sum = ((others - largest) / temperature).exp().sum(alongAxes: [1])
    let odds = (picked(labels) - largest.reshaped([labels.count])) / temperature - sum.log()
    return (-((-odds).softplus()), -odds.softplus())
  }

  /// (z − mean) / (1e-7 + std) over the classes of each row; of constant logits 0 with gradient 0.
  ///
  /// Sun et al., "Logit Standardization in Knowledge Distillation", CVPR 2024.
  ///
  /// - Parameter population: whether the deviation has divisor C, as in the paper, rather than C − 1, as in its code.
  /// - Returns: of these logits' shape.
  func standardizedLogits(population: Bool = false) -> Tensor {
    (self - mean(alongAxes: [1], keepsAxes: true))
      / (standardDeviation(alongAxes: [1], unbiased: !population, keepsAxes: true) + 1e-7)
  }
}
