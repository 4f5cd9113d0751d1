import Foundation
import NeuralNetworks
import Support
import Tensors

/// The two memories of CRD: one row for each training image and side, and which rows an image is held against.
final class ContrastBank {
  /// Decides which negatives are drawn.
  private let seed: UInt64
  private let memories: (student: Tensor, teacher: Tensor)
  /// Z of both sides; 0 until the first batch has set it.
  private let normalizers: Tensor
  private let negatives: Int
  private let isRelaxed: Bool
  private let classes: ClassMembers

  /// - Throws: ``InputError`` if there is only one class: no negatives.
  init(_ setup: MethodSetup, width: Int, negatives: Int, isRelaxed: Bool) throws {
    classes = ClassMembers(setup.trainingLabels)
    guard !setup.trainingLabels.isEmpty else {
      throw InputError(
        setup.place, "crd draws negatives by the classes of samples, and these have none",
        remedy: "take a method without them, such as kd")
    }
    guard classes.largest < classes.count else {
      throw InputError(setup.place, "crd finds one class among the training images", remedy: "negatives need another")
    }
    self.negatives = negatives
    self.isRelaxed = isRelaxed
    // Uniform in ±1/√(W/3), as the released code draws them.
    let bound = 1 / (Float(width) / 3).squareRoot()
    seed = setup.initialiser.seed
    let random = Philox(seed: seed).split(.method, -1)
    let shape: Shape = [classes.count, width]
    memories = (
      .uniform(shape, in: -bound..<bound, random.split(.noise, 0)),
      .uniform(shape, in: -bound..<bound, random.split(.noise, 1))
    )
    normalizers = .zeros([2])
  }

  /// What large or few memories mean for a training.
  ///
  /// - Parameter batch: images in a step.
  /// - Returns: one line; nil where there is nothing to say.
  func advice(batch: Int) -> String? {
    let width = memories.student.shape[1]
    // Four bytes, two sides.
    func gigabytes(_ rows: Int) -> Double { Double(rows * width * 8) / 1e9 }
    func text(_ size: Double) -> String { "\((size * 100).rounded() / 100) GB" }
    let fewest = classes.count - classes.largest
    var parts: [String] = []
    if negatives > fewest {
      parts.append(
        "\(negatives) negatives of each image are drawn with replacement: the largest class leaves \(fewest) images of "
          + "others")
    }
    let read = gigabytes(batch * (negatives + 1))
    if read > 1 {
      let fewer = min(1024, negatives / 2)
      parts.append(
        "each step reads \(text(read)) of negatives (\(batch) images × \(negatives + 1) rows × \(width) values × "
          + "2 sides) from memories of \(text(gigabytes(classes.count))); negatives: \(fewer) would take "
          + "\(text(gigabytes(batch * (fewer + 1))))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// All that a resumed run needs.
  var state: [(name: String, tensor: Tensor)] {
    [
      ("memory.student", memories.student), ("memory.teacher", memories.teacher), ("normalizers", normalizers),
    ]
  }

  /// N times the mean of exp(⟨v_b, m_k⟩/τ) over images and rows, a constant.
  static func normalizer(_ embedding: Tensor, _ memory: Tensor, _ rows: [Int], _ temperature: Double) -> Float {
    let sum = withoutRecording {
      rowObjective(embedding, memory, rows) { products, _ in
        products.reduce(0) { $0 + exp(Double($1) / temperature) }
      }
    }
    return Float(memory.shape[0]) * sum.item / Float(rows.count)
  }

  /// −mean_B [log(a_0/(a_0 + c + ε)) + Σ_k log(c/(a_k + c + ε))], a = exp(⟨v_b, m_k⟩/τ)/Z, c = K/N.
  static func loss(
    _ embedding: Tensor, _ memory: Tensor, _ rows: [Int], _ temperature: Double, normalizer: Float
  ) -> Tensor {
    let batch = embedding.shape[0]
    let share = Double(rows.count / batch - 1) / Double(memory.shape[0])
    let (scale, normalizer) = (1 / Double(batch), Double(normalizer))
    return rowObjective(embedding, memory, rows) { products, first in
      // The logarithm of a product, for as long as that is a number, instead of the sum of logarithms.
      var (sum, factor) = (0.0, 1.0)
      for place in products.indices {
        let a = exp(Double(products[place]) / temperature) / normalizer
        let rest = 1 / (a + share + 1e-7)
        let isPositive = first + place == 0
        factor *= (isPositive ? a : share) * rest
        if factor < 1e-150 { (sum, factor) = (sum - log(factor), 1) }
        products[place] = Float((isPositive ? a * rest - 1 : a * rest) / temperature * scale)
      }
      return (sum - log(factor)) * scale
    }
  }

  /// The loss of both sides on rows that are drawn for this step.
  func loss(_ student: Tensor, _ teacher: Tensor, _ batch: Batch, step: Int, temperature: Double) -> Tensor {
    let rows = draw(batch, step)
    let sides = [(student, memories.teacher), (teacher, memories.student)]
    var known = normalizers.floats
    if known.contains(0) {
      known = sides.map { Self.normalizer($0, $1, rows, temperature) }
      normalizers.mutate { target in for side in 0..<2 { target[side] = known[side] } }
    }
    return zip(sides, known).map { Self.loss($0.0, $0.1, rows, temperature, normalizer: $1) }.summed
  }

  /// Column 0 the positive, then negatives of other classes; without replacement unless there are too few. Each image
  /// draws from a stream of its own.
  private func draw(_ batch: Batch, _ step: Int) -> [Int] {
    let (width, random) = (negatives + 1, Philox(seed: seed))
    let (images, isRelaxed, classes) = (Array(zip(batch.indices, batch.labels)), isRelaxed, classes)
    return [Int](unsafeUninitializedCapacity: images.count * width) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      parallelFor(count: images.count) { range in
        var draw = NegativeDraw(classes)
        for place in range {
          let (index, label) = images[place]
          var generator = RandomGenerator(random.split(.method, step << 16 + place))
          target.initializeElement(
            at: place * width, to: isRelaxed ? classes.member(of: label, using: &generator) : index)
          let rest = UnsafeMutableBufferPointer(rebasing: target[(place * width + 1)..<(place + 1) * width])
          draw.write(rest, besides: label, using: &generator)
        }
      }
      initialized = images.count * width
    }
  }

  /// m ← normalize(momentum · m + (1 − momentum) · v) for the batch's images; the last of equal ones counts.
  func update(_ student: Tensor, _ teacher: Tensor, _ indices: [Int], momentum: Float) {
    for (memory, embedding) in [(memories.student, student), (memories.teacher, teacher)] {
      let width = embedding.shape[1]
      let values = embedding.floats
      memory.mutate { target in
        let old = indices.map { index in Array(target[index * width..<(index + 1) * width]) }
        for (row, index) in indices.enumerated() {
          let blended = (0..<width).map { momentum * old[row][$0] + (1 - momentum) * values[row * width + $0] }
          let length = Float(blended.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot())
          for place in 0..<width { target[index * width + place] = length > 0 ? blended[place] / length : 0 }
        }
      }
    }
  }
}
