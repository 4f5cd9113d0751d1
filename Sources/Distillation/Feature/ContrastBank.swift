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

  /// exp(⟨v_b, m_k⟩/τ) for each image's rows: [B, K + 1].
  static func scores(_ embedding: Tensor, _ memory: Tensor, _ rows: [Int], _ temperature: Float) -> Tensor {
    (rowProducts(embedding, memory, rows) / temperature).exp()
  }

  /// N times the mean score, a constant.
  static func normalizer(of scores: Tensor, rows: Int) -> Float {
    Float(rows) * withoutRecording { scores.detached().mean() }.item
  }

  /// −mean_B [log(a_0/(a_0 + c + ε)) + Σ_k log(c/(a_k + c + ε))], c = K/N.
  static func loss(_ a: Tensor, rows: Int) -> Tensor {
    let count = a.shape[1] - 1
    let share = Float(count) / Float(rows)
    let positive = a.slice(0..<1, alongAxis: 1)
    let negative = a.slice(1..<count + 1, alongAxis: 1)
    let hit = (positive / (positive + (share + 1e-7))).log().sum()
    let miss = (Tensor(share) / (negative + (share + 1e-7))).log().sum()
    return -(hit + miss) / Float(a.shape[0])
  }

  /// The loss of both sides on rows that are drawn for this step.
  func loss(_ student: Tensor, _ teacher: Tensor, _ batch: Batch, step: Int, temperature: Float) -> Tensor {
    let rows = draw(batch, step)
    let sides = [
      Self.scores(student, memories.teacher, rows, temperature),
      Self.scores(teacher, memories.student, rows, temperature),
    ]
    var known = normalizers.floats
    if known.contains(0) {
      known = sides.map { Self.normalizer(of: $0, rows: classes.count) }
      normalizers.mutate { target in for side in 0..<2 { target[side] = known[side] } }
    }
    return zip(sides, known).map { Self.loss($0 / $1, rows: classes.count) }.summed
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
          let length = blended.reduce(0) { $0 + $1 * $1 }.squareRoot()
          for place in 0..<width { target[index * width + place] = blended[place] / max(length, 1e-12) }
        }
      }
    }
  }
}
