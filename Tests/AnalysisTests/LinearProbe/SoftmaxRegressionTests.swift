import Analysis
import Checkpoints
import Tensors
import TestSupport
import Testing

/// Weights of scikit-learn's `LogisticRegression` in float64: Tests/Golden/probes.py.
@Suite("Logistic regression on features agrees with scikit-learn", .tags(.golden))
struct SoftmaxRegressionTests {
  static let cases = (try? ProbeAnswerTests.cases("regression")) ?? []

  private struct Case {
    let features: Tensor
    let labels: [Int]
    let others: Tensor
    let ownLabels: [Int]
    let penalty: Double
    var classes: Int { (labels.max() ?? 0) + 1 }

    init(_ golden: GoldenCase) throws {
      func tensor(_ part: String) throws -> Tensor {
        let stored = try golden.stored(part)
        return Tensor(try stored.floats(), shape: Shape(stored.shape))
      }
      (features, others) = (try tensor("input.0"), try tensor("input.2"))
      labels = try golden.stored("input.1").doubles().map { Int($0) }
      ownLabels = try golden.stored("input.3").doubles().map { Int($0) }
      penalty = try golden.number("penalty")
    }
  }

  private func expectNear(_ found: [Double], _ expected: [Double], within bound: Double, _ name: String) {
    let largest = expected.reduce(0) { max($0, abs($1)) }
    let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(found.count == expected.count && error <= bound * largest, "\(name): \(error / largest)")
  }

  @Test("in weights, bias, loss and what it says of other rows", arguments: cases)
  func fits(_ golden: GoldenCase) throws {
    let data = try Case(golden)
    let scale = FeatureScale(of: data.features)
    expectNear(scale.mean, try golden.stored("mean").doubles(), within: 1e-6, "mean")
    expectNear(scale.deviation, try golden.stored("deviation").doubles(), within: 1e-6, "deviation")
    let problem = SoftmaxRegression(
      scale.standardised(data.features), labels: data.labels, classes: data.classes, penalty: data.penalty)
    let fit = try problem.fit()
    #expect(fit.gradientNorm <= 1e-5 && fit.iterations > 0)
    // A gradient of 1e-6 leaves a distance of at most that over the penalty, 1e-4 or more.
    expectNear(fit.weight, try golden.stored("weight").doubles(), within: 1e-2, "weight")
    expectNear(fit.bias, try golden.stored("bias").doubles(), within: 1e-2, "bias")
    let expected = try golden.stored("output").doubles()
    #expect(abs(fit.loss - expected[0]) <= 1e-5 * expected[0])
    let answers = Predictions(
      logits: SoftmaxRegression.logits(scale.standardised(data.others), fit), labels: data.ownLabels,
      classes: data.classes)
    #expect(abs(answers.negativeLogLikelihood - expected[1]) <= 2e-3 * expected[1])
    #expect(abs(answers.accuracy - expected[2]) <= 1.01 / Double(answers.count))
  }

  @Test("from the minimum of another penalty as from zero", arguments: cases.prefix(2))
  func warmStart(_ golden: GoldenCase) throws {
    let data = try Case(golden)
    let rows = FeatureScale(of: data.features).standardised(data.features)
    func problem(_ penalty: Double) -> SoftmaxRegression {
      SoftmaxRegression(rows, labels: data.labels, classes: data.classes, penalty: penalty)
    }
    let (cold, warm) = (try problem(1e-2).fit(), try problem(1e-2).fit(from: try problem(1).fit()))
    expectNear(warm.weight, cold.weight, within: 5e-3, "weight")
    #expect(abs(warm.loss - cold.loss) <= 1e-6)
  }

  /// More rows than one product of matrices takes.
  @Test("with many rows as with few, each counted often")
  func manyRows() throws {
    let few = Tensor([-1, 0, 1, 2, -2, 0.5, 1.5, -0.5], shape: [4, 2])
    let (labels, copies) = ([0, 1, 1, 0], 1500)
    let many = Tensor((0..<copies).flatMap { _ in few.floats }, shape: [4 * copies, 2])
    let one = try SoftmaxRegression(few, labels: labels, classes: 2, penalty: 0.1).fit(tolerance: 1e-7)
    let all = try SoftmaxRegression(
      many, labels: (0..<copies).flatMap { _ in labels }, classes: 2, penalty: 0.1
    ).fit(tolerance: 1e-7)
    expectNear(all.weight, one.weight, within: 1e-5, "weight")
    #expect(abs(all.loss - one.loss) <= 1e-7)
  }

  @Test("leaves features that do not vary at zero, in training and elsewhere")
  func constants() {
    let features = Tensor([3, 1, 3, 2, 3, 6], shape: [3, 2])
    let scale = FeatureScale(of: features)
    #expect(scale.mean == [3, 3] && scale.deviation[0] == 1)
    let rows = scale.standardised(features).floats
    #expect(rows[0] == 0 && rows[2] == 0 && rows[4] == 0)
    #expect(scale.standardised(Tensor([5, 3], shape: [1, 2])).floats == [2, 0])
  }
}
