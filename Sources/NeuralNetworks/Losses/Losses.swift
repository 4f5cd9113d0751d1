import Support
import Tensors

/// Cross-entropy of logits with integer labels, mean over the batch.
///
/// - Parameters:
///   - logits: [batch, classes].
///   - labels: class of each image.
///   - smoothing: share of the target that is spread evenly over all classes (Szegedy et al., CVPR 2016).
/// - Returns: a scalar, in nats.
public func crossEntropy(_ logits: Tensor, _ labels: [Int], smoothing: Float = 0) -> Tensor {
  let logProbabilities = logits.logSoftmax()
  let hard = -logProbabilities.picked(labels).mean()
  guard smoothing > 0 else { return hard }
  return hard * (1 - smoothing) - logProbabilities.mean() * smoothing
}

/// Mean cross-entropy of mixed images: λ of each first label and 1 − λ of the second (Zhang et al., ICLR 2018).
///
/// - Parameters:
///   - logits: [batch, classes].
///   - labels: [batch], first labels.
///   - partners: [batch], second labels.
///   - shares: [batch], λ in [0, 1].
/// - Returns: a scalar, in nats.
public func crossEntropy(_ logits: Tensor, _ labels: [Int], mixedWith partners: [Int], shares: [Float]) -> Tensor {
  precondition(
    labels.count == shares.count && partners.count == shares.count,
    "crossEntropy: \(labels.count) and \(partners.count) labels, \(shares.count) shares")
  let logProbabilities = logits.logSoftmax()
  let first = Tensor(shares, shape: [shares.count])
  let second = Tensor(shares.map { 1 - $0 }, shape: [shares.count])
  return -(logProbabilities.picked(labels) * first + logProbabilities.picked(partners) * second).mean()
}

/// Kullback–Leibler divergence of softened distributions, KL(teacher ‖ student), mean over the batch, times T².
///
/// Hinton et al., arXiv 1503.02531: the factor T² keeps the gradient's size when T changes. A class that is masked in both
/// (a logit of −1e9 or −∞) counts 0.
///
/// - Parameters:
///   - student: logits, [batch, classes].
///   - teacher: logits, [batch, classes]; a constant.
///   - temperature: T > 0.
/// - Returns: a scalar, in nats.
public func softenedDivergence(_ student: Tensor, from teacher: Tensor, temperature: Float) -> Tensor {
  precondition(student.shape == teacher.shape, "softenedDivergence: shapes \(student.shape) and \(teacher.shape)")
  let logStudent = student.logSoftmax(temperature: temperature)
  let logTeacher = withoutRecording { teacher.logSoftmax(temperature: temperature) }
  return divergenceOfRows(logStudent, from: logTeacher).mean() * (temperature * temperature)
}

/// Mean over all elements of the squared difference.
public func meanSquaredError(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(a.shape == b.shape, "meanSquaredError: shapes \(a.shape) and \(b.shape) differ")
  return (a - b).meanOfSquares()
}

/// Mean over all elements of the absolute difference.
public func meanAbsoluteError(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(a.shape == b.shape, "meanAbsoluteError: shapes \(a.shape) and \(b.shape) differ")
  return (a - b).absolute().mean()
}

/// Mean over all elements of d²/2 where |d| < 1 and |d| − ½ elsewhere.
public func smoothL1(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(a.shape == b.shape, "smoothL1: shapes \(a.shape) and \(b.shape) differ")
  let distance = (a - b).absolute()
  let near = distance.clamped(to: 0...1)
  return (near.squared() * 0.5 + (distance - near)).mean()
}
