import Analysis
import Checkpoints
import TestSupport
import Testing

/// Values of torchmetrics, scikit-learn and PyTorch in float64: Tests/Golden/probes.py.
@Suite("What probes say of answers agrees with torchmetrics, scikit-learn and PyTorch", .tags(.golden))
struct ProbeAnswerTests {
  static func cases(_ operation: String) throws -> [GoldenCase] {
    try Golden.cases("probes").filter { $0.operation == operation }
  }

  private func near(_ actual: Double?, _ expected: Double, _ name: String, within: Double = 1e-9) {
    if actual == nil, expected.isNaN { return }
    #expect(abs((actual ?? .nan) - expected) <= within * max(1, abs(expected)), "\(name): \(actual ?? .nan)")
  }

  private func labels(_ golden: GoldenCase, _ part: String) throws -> [Int] {
    try golden.stored(part).doubles().map { Int($0) }
  }

  @Test("accuracy, five likeliest, likelihood, Brier score, calibration errors", arguments: try cases("quality"))
  func quality(_ golden: GoldenCase) throws {
    let logits = try golden.stored("input.0")
    let predictions = Predictions(
      logits: try logits.floats(), labels: try labels(golden, "input.1"), classes: logits.shape[1])
    let expected = try golden.stored("output").doubles()
    near(predictions.accuracy, expected[0], "accuracy")
    if logits.shape[1] > 5 {
      let share = Double(predictions.areAmong(likeliest: 5).count { $0 }) / Double(predictions.count)
      // torchmetrics counts in single precision.
      near(share, expected[1], "five likeliest", within: 1e-6)
    }
    #expect(predictions.areAmong(likeliest: 1) == predictions.isRight)
    #expect(predictions.areAmong(likeliest: logits.shape[1]).allSatisfy { $0 })
    near(predictions.negativeLogLikelihood, expected[2], "likelihood")
    near(predictions.brierScore, expected[3], "Brier")
    near(Calibration(predictions).expectedError, expected[4], "ECE", within: 2e-6)
    near(Calibration(predictions).maximumError, expected[5], "MCE", within: 2e-6)
    near(Calibration(predictions, binning: .equalMass).expectedError, expected[6], "ECE by mass")
    let development = try golden.stored("input.2").floats()
    let fit = TemperatureScaling.fit(
      logits: development, labels: try labels(golden, "input.3"), classes: logits.shape[1])
    near(fit?.temperature, expected[7], "temperature", within: 1e-6)
  }

  @Test("divergences at three temperatures, error consistency, equal wrong answers", arguments: try cases("comparison"))
  func comparison(_ golden: GoldenCase) throws {
    let (a, b) = (try golden.stored("input.0"), try golden.stored("input.2"))
    let labels = try labels(golden, "input.1")
    func answers(_ logits: StoredTensor, _ temperature: Double = 1) throws -> Predictions {
      Predictions(logits: try logits.floats(), labels: labels, classes: logits.shape[1], temperature: temperature)
    }
    let expected = try golden.stored("output").doubles()
    for (place, temperature) in [1.0, 2, 4].enumerated() {
      let value = Fidelity.divergence(try answers(a, temperature), from: try answers(b, temperature))
      near(value, expected[place], "KL at \(temperature)")
    }
    let errors = SharedErrors(try answers(a), try answers(b))
    #expect((errors.consistency == nil) == expected[3].isNaN)
    near(errors.consistency, expected[3], "consistency")
    #expect((errors.alikeShare == nil) == expected[4].isNaN)
    near(errors.alikeShare, expected[4], "alike")
  }

  @Test("of equally likely classes the first are among the likeliest")
  func ties() {
    let predictions = Predictions(
      logits: Array(repeating: 0, count: 14) + [0, 0, 0, 0, 0, 0, 1], labels: [4, 5, 4], classes: 7)
    #expect(predictions.areAmong(likeliest: 5) == [true, false, false])
  }
}
