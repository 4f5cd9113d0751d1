import Models
import NeuralNetworks
import Tensors

/// How one term of a loss pulls at the student's weights, beside what the labels want: a mean over measured steps.
///
/// Knowledge has a direction: a cosine near 1 says that the term teaches what the labels teach anyway, one near 0 that
/// it teaches something else, a negative one that it works against the labels.
public struct TermGradient: Sendable, Equatable, Codable {
  /// The group of all trainable weights of the student.
  public static let all = "all"

  /// Name of the term.
  public let term: String
  /// Which weights: ``all``, or the first part of their names (`layer2`).
  public let group: String
  /// Mean cosine of the term's gradient and the labels', in [−1, 1]; nil where one of them was zero in every step.
  public let cosine: Double?
  /// Mean L2 norm of the term's gradient, before its weight.
  public let norm: Double
  /// Mean L2 norm of the labels' gradient, before its weight.
  public let labelNorm: Double
  /// The term's weight in the loss, divided by that of the labels; nil where the labels have none.
  public let weightRatio: Double?
  /// Steps that were measured.
  public let steps: Int

  /// - Parameters: as the properties.
  public init(
    term: String, group: String, cosine: Double?, norm: Double, labelNorm: Double, weightRatio: Double?, steps: Int
  ) {
    self.term = term
    self.group = group
    self.cosine = cosine
    self.norm = norm
    self.labelNorm = labelNorm
    self.weightRatio = weightRatio
    self.steps = steps
  }

  /// ‖gradient of the term‖ / ‖gradient of the labels‖, before weights; nil where the labels have no gradient.
  public var normRatio: Double? { labelNorm > 0 ? norm / labelNorm : nil }
}

/// Measures how terms pull in a few steps of each epoch, by backward passes over the tape of that step's only forward
/// pass: nothing is drawn, no statistic is updated, no weight differs by a bit.
final class TermGradientMeter {
  private struct Sum {
    var cosine = 0.0
    var cosines = 0
    var norm = 0.0
    var labelNorm = 0.0
    var weightRatio: Double?
    var steps = 0
  }

  private struct Key: Hashable {
    let term: String
    let group: String
  }

  private let stepsPerEpoch: Int
  private let parameters: [Tensor]
  private let groups: [(name: String, members: [Int])]
  private var order: [Key] = []
  private var sums: [Key: Sum] = [:]

  /// - Parameters:
  ///   - stepsPerEpoch: steps of each epoch that are measured.
  ///   - student: whose weights are pulled at.
  init(stepsPerEpoch: Int, student: any Network) {
    self.stepsPerEpoch = stepsPerEpoch
    let named = student.namedParameters.filter { $0.parameter.role.isTrainable }
    parameters = named.map(\.parameter.tensor)
    var groups: [(name: String, members: [Int])] = [(TermGradient.all, Array(named.indices))]
    for (index, entry) in named.enumerated() {
      let name = String(entry.name.prefix { $0 != "." })
      if let place = groups.dropFirst().firstIndex(where: { $0.name == name }) {
        groups[place].members.append(index)
      } else {
        groups.append((name, [index]))
      }
    }
    self.groups = groups
  }

  /// Whether this step is one of those that are measured: they lie evenly in the epoch.
  func wants(_ clock: TrainingClock) -> Bool {
    let (length, place) = (max(1, clock.stepsPerEpoch), clock.step % max(1, clock.stepsPerEpoch))
    let wanted = min(stepsPerEpoch, length)
    return (place + 1) * wanted / length > place * wanted / length
  }

  /// Measures one step.
  ///
  /// - Parameter terms: the labels first; their tape is kept.
  func measure(_ terms: [LossTerm]) {
    guard let labels = terms.first, terms.count > 1 else { return }
    let reference = gradients(of: labels.value, with: parameters, keepsTape: true)
    for term in terms.dropFirst() {
      let pull = gradients(of: term.value, with: parameters, keepsTape: true)
      let sums = zip(pull, reference).map { innerProducts($0, $1) }
      for group in groups {
        let sum = group.members.reduce(SIMD4<Double>.zero) { $0 + sums[$1] }
        // A gradient with a value that is not finite ends the training by itself; it must not end in a table before.
        guard sum.x.isFinite, sum.y.isFinite, sum.z.isFinite else { continue }
        add(
          dot: sum.x, own: sum.y.squareRoot(), labels: sum.z.squareRoot(),
          ratio: labels.weight == 0 ? nil : Double(term.weight) / Double(labels.weight),
          to: Key(term: term.name, group: group.name))
      }
    }
  }

  private func add(dot: Double, own: Double, labels: Double, ratio: Double?, to key: Key) {
    if sums[key] == nil { order.append(key) }
    var sum = sums[key, default: Sum()]
    if own > 0, labels > 0 {
      sum.cosine += max(-1, min(1, dot / own / labels))
      sum.cosines += 1
    }
    sum.norm += own
    sum.labelNorm += labels
    sum.weightRatio = ratio
    sum.steps += 1
    sums[key] = sum
  }

  /// Means since the last call.
  func take() -> [TermGradient] {
    defer { (order, sums) = ([], [:]) }
    return order.compactMap { key in
      sums[key].map { sum in
        let count = Double(sum.steps)
        return TermGradient(
          term: key.term, group: key.group, cosine: sum.cosines > 0 ? sum.cosine / Double(sum.cosines) : nil,
          norm: sum.norm / count, labelNorm: sum.labelNorm / count, weightRatio: sum.weightRatio, steps: sum.steps)
      }
    }
  }
}

/// a·b, a·a and b·b in double precision.
private func innerProducts(_ a: Tensor, _ b: Tensor) -> SIMD4<Double> {
  a.withFloats { first in
    b.withFloats { second in
      var sum = SIMD4<Double>.zero
      for i in first.indices {
        let (x, y) = (Double(first[i]), Double(second[i]))
        sum += SIMD4(x * y, x * x, y * y, 0)
      }
      return sum
    }
  }
}
