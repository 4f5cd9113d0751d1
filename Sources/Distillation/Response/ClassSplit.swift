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
  /// underflows.
  ///
  /// - Parameters:
  ///   - labels: class of each row of these logits, [batch, classes].
  ///   - others: what ``withoutLabels(_:)`` gives.
  /// - Returns: log p_y and log(1 − p_y) of each row.
  func splitLogProbabilities(_ labels: [Int], others: Tensor) -> (label: Tensor, rest: Tensor) {
    let label = logSoftmax().picked(labels)
    let first = Array(repeating: 0, count: shape[0])
    // log Σ exp over a set of logits is any one of them less its log-softmax within the set.
    let sumOfOthers = others.picked(first) - others.logSoftmax().picked(first)
    let sumOfAll = picked(labels) - label
    return (label, sumOfOthers - sumOfAll)
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
