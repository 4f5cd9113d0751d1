import Foundation
import NeuralNetworks
import Tensors

/// Logits of both networks for one view of the images, [batch, classes] each.
struct LogitsPair {
  /// On the tape.
  let student: Tensor
  /// A constant.
  let teacher: Tensor

  /// - Parameters: as the properties.
  init(_ student: Tensor, _ teacher: Tensor) { (self.student, self.teacher) = (student, teacher.detached()) }

  /// KL(softmax(z_t/T) ‖ softmax(z_s/T)) of each image, [batch].
  func divergences(_ temperature: Float, standardized isStandardized: Bool) -> Tensor {
    func logs(_ logits: Tensor) -> Tensor {
      (isStandardized ? logits.standardizedLogits() : logits).logSoftmax(temperature: temperature)
    }
    return divergenceOfRows(logs(student), from: withoutRecording { logs(teacher) })
  }

  /// Squared differences of the networks' matrices of inner products of P = softmax(z/T), summed along rows: between
  /// classes PᵀP, [classes], and between images PPᵀ, [batch].
  func gramGaps(_ temperature: Float) -> (classes: Tensor, images: Tensor) {
    let own = student.softmax(temperature: temperature)
    let other = withoutRecording { teacher.softmax(temperature: temperature) }
    func gap(transposed: Bool) -> Tensor {
      func product(_ p: Tensor) -> Tensor {
        matrixProduct(p, p, transposesFirst: transposed, transposesSecond: !transposed)
      }
      return (withoutRecording { product(other) } - product(own)).sumOfSquares(alongAxes: [1])
    }
    return (gap(transposed: true), gap(transposed: false))
  }
}

/// Which images and classes count in multi-level distillation: those of which the teacher is less sure than the median.
struct LevelMasks {
  /// [batch], ones and zeros.
  let images: Tensor
  /// [classes], ones and zeros.
  let classes: Tensor

  /// - Parameter teacher: logits of the weak view, [batch, classes].
  init(_ teacher: Tensor) {
    // In double precision: a sure teacher's probabilities would all be 1 in single.
    let (count, width, logits) = (teacher.shape[0], teacher.shape[1], teacher.floats)
    var largest: [Double] = []
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<count {
      let values = logits[row * width..<(row + 1) * width].map(Double.init)
      let top = values.max() ?? 0
      let powers = values.map { exp($0 - top) }
      let sum = powers.reduce(0, +)
      largest.append(1 / sum)
      for (place, power) in powers.enumerated() { sums[place] += power / sum }
    }
    images = LevelMasks.upToMedian(largest)
    classes = LevelMasks.upToMedian(sums)
  }

  /// Share of the images that count.
  var imageShare: Float { withoutRecording { images.mean() }.item }
  /// Share of the classes that count.
  var classShare: Float { withoutRecording { classes.mean() }.item }

  /// The median of an even number of values lies in the middle of the two.
  private static func upToMedian(_ values: [Double]) -> Tensor {
    let sorted = values.sorted()
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    return Tensor(values.map { $0 <= median ? 1 : 0 }, shape: [values.count])
  }
}
