import Models
import NeuralNetworks
import Tensors

/// Moves images over the teacher's boundary between two classes (Heo, Lee, Yun & Choi, AAAI 2019, arXiv 1805.05532, eq. 7,
/// as its code has it).
///
/// x ← clamp(x + η (f + 1e-4) g/‖g‖, ±2.5) with f = s_base − s_target, g = ∂(s_target − s_base)/∂x, s the teacher's
/// logits or, in AberHu's re-implementation, its probabilities. (The paper's step is divided by ‖g‖², a Newton step.)
package struct BoundaryAttack {
  private let steps: Int
  private let rate: Float
  private let usesProbabilities: Bool

  /// - Parameters:
  ///   - steps: most steps; it ends when the last image is over.
  ///   - rate: η.
  ///   - usesProbabilities: whether probabilities rather than logits are compared.
  package init(steps: Int, rate: Float, usesProbabilities: Bool) {
    (self.steps, self.rate, self.usesProbabilities) = (steps, rate, usesProbabilities)
  }

  /// The same images, over the boundary or on the way to it.

  /// - Parameters:
  ///   - images: [batch, height, width, channels], normalised.
  ///   - base: class of each image.
  ///   - targets: class whose side each image is to reach.
  ///   - teacher: frozen.
  /// - Returns: a constant of the images' shape. An image without a gradient stays.
  package func moved(_ images: Tensor, from base: [Int], to targets: [Int], by teacher: any Network) -> Tensor {
    var moved = images.detached()
    for _ in 0..<steps {
      moved.setRequiresGradient(true)
      let logits = teacher(moved, ForwardPass(.evaluation))
      let active = zip(logits.argmaxOfRows(), base).map { $0 == $1 }
      guard active.contains(true) else { break }
      let scores = usesProbabilities ? logits.softmax() : logits
      let gap = scores.picked(base) - scores.picked(targets)
      let slope = gradients(of: -gap.sum(), with: [moved])[0]
      moved = withoutRecording { stepped(moved, slope, gap.floats, active) }
    }
    return moved.detached()
  }

  private func stepped(_ images: Tensor, _ slope: Tensor, _ gaps: [Float], _ active: [Bool]) -> Tensor {
    let lengths = slope.flattened.norm(alongAxes: [1]).floats
    let factors = gaps.indices.map { place in
      active[place] && lengths[place] > 0 ? rate * (gaps[place] + 1e-4) / lengths[place] : 0
    }
    return (images.detached() + slope * Tensor(factors, shape: [gaps.count, 1, 1, 1])).clamped(to: -2.5...2.5)
  }
}

/// Which images are moved, and where to.
package struct BoundaryChoice {
  /// Rows of the batch.
  package let rows: [Int]
  /// The class that both networks find in each.
  package let base: [Int]
  /// The class whose side each is to reach.
  package let targets: [Int]

  /// Images of which both networks are right; of more than `limit` those whose probabilities differ most beside the
  /// label. Targets are drawn with the teacher's probabilities, by a number that belongs to the image and the step.
  package init(_ step: KnowledgeStep, limit: Int) {
    let (own, other) = withoutRecording { (step.studentLogits.softmax(), step.teacherLogits.softmax()) }
    let (ownClasses, classes, labels) = (own.argmaxOfRows(), other.argmaxOfRows(), step.batch.labels)
    let right = labels.indices.filter { ownClasses[$0] == labels[$0] && classes[$0] == labels[$0] }
    let (width, a, b) = (other.shape[1], own.floats, other.floats)
    func difference(_ row: Int) -> Float {
      (0..<width).filter { $0 != labels[row] }.reduce(0) { sum, column in
        let gap = b[row * width + column] - a[row * width + column]
        return sum + gap * gap
      }
    }
    let rows =
      right.count <= limit
      ? right : right.map { (row: $0, size: difference($0)) }.sorted { $0.size > $1.size }.prefix(limit).map(\.row)
    self.rows = rows
    base = rows.map { classes[$0] }
    targets = rows.map { row in
      let word = step.random.words(at: UInt64(step.batch.indices[row])).x
      return BoundaryChoice.drawn(
        Array(b[row * width..<(row + 1) * width]), besides: classes[row], Double(word >> 8) * 0x1p-24)
    }
  }

  /// A class drawn with its probability among all but one, by going through the sorted probabilities' sums.
  package static func drawn(_ probabilities: [Float], besides excluded: Int, _ uniform: Double) -> Int {
    let order = probabilities.indices.filter { $0 != excluded }.sorted { probabilities[$0] > probabilities[$1] }
    var left = uniform * order.reduce(0) { $0 + Double(probabilities[$1]) }
    for place in order {
      left -= Double(probabilities[place])
      if left < 0 { return place }
    }
    return order.first ?? excluded
  }
}
