import Analysis
import Checkpoints
import TestSupport
import Testing

/// Values of scikit-learn, scipy and numpy in float64: Tests/Golden/predictions.py.
@Suite("Scores of predictions agree with scikit-learn and numpy", .tags(.golden))
struct PredictionTests {
  static func cases(_ operation: String) throws -> [GoldenCase] {
    try Golden.cases("predictions").filter { $0.operation == operation }
  }

  static func predictions(_ golden: GoldenCase, _ input: String = "input.0") throws -> Predictions {
    let logits = try golden.stored(input)
    let labels = try golden.stored("input.1").doubles().map { Int($0) }
    return Predictions(logits: try logits.floats(), labels: labels, classes: logits.shape[1])
  }

  private func near(_ actual: Double?, _ expected: Double, _ name: String, within: Double = 1e-10) {
    if actual == nil, expected.isNaN { return }
    #expect(abs((actual ?? .nan) - expected) <= within * max(1, abs(expected)), "\(name): \(actual ?? .nan)")
  }

  @Test("accuracy, likelihood, Brier score, calibration errors, temperature", arguments: try cases("predictions"))
  func scores(_ golden: GoldenCase) throws {
    let predictions = try Self.predictions(golden)
    let expected = try golden.stored("output").doubles()
    near(predictions.accuracy, expected[0], "accuracy")
    near(predictions.negativeLogLikelihood, expected[1], "likelihood")
    near(predictions.brierScore, expected[2], "Brier")
    let calibration = Calibration(predictions)
    near(calibration.expectedError, expected[3], "ECE")
    near(calibration.maximumError, expected[4], "MCE")
    near(Calibration(predictions, bins: 10).expectedError, expected[5], "ECE of 10 bins")
    near(Calibration(predictions, binning: .equalMass).expectedError, expected[6], "ECE by mass")
    near(Calibration.classwiseError(predictions), expected[7], "classwise ECE")
    let temperature = TemperatureScaling.fit(
      logits: try golden.stored("input.0").floats(), labels: predictions.labels, classes: predictions.classes)
    // scipy's bounded search compares values, which differ by less than one in 1e16 over a range of 1e-8 in ln T.
    let isEnd = [0.01, 100.0].contains { abs($0 - expected[8]) < 1e-6 * $0 }
    #expect(temperature?.isAtEndOfRange == isEnd)
    near(temperature?.temperature ?? .nan, expected[8], "temperature", within: 1e-6)
  }

  @Test("precision, recall, F1 and confusion", arguments: try cases("predictions"))
  func classes(_ golden: GoldenCase) throws {
    let matrix = ConfusionMatrix(try Self.predictions(golden))
    let expected = try golden.stored("classes").doubles()
    for (index, score) in matrix.scores.enumerated() {
      near(score.precision, expected[index], "precision \(index)")
      near(score.recall, expected[matrix.classes + index], "recall \(index)")
      near(score.f1, expected[2 * matrix.classes + index], "F1 \(index)")
    }
    #expect(
      matrix.counts(of: Array(0..<matrix.classes)).flatMap(\.self).map(Double.init)
        == (try golden.stored("confusion").doubles()))
  }

  @Test("agreement, divergence and images that one alone has right")
  func fidelity() throws {
    for golden in try Self.cases("fidelity") {
      let fidelity = Fidelity(try Self.predictions(golden), to: try Self.predictions(golden, "input.2"))
      let expected = try golden.stored("output").doubles()
      near(fidelity.agreement, expected[0], "agreement")
      near(fidelity.divergence, expected[1], "divergence")
      #expect([fidelity.onlyNetwork, fidelity.onlyReference] == [Int(expected[2]), Int(expected[3])])
    }
  }
}

/// The traps of torchmetrics#3510, pycalib#4 and calibration-framework#52.
@Suite("Calibration")
struct CalibrationTests {
  @Test("puts confidence 1 into the last bin, 0 into the first, and an edge into the lower one")
  func edges() {
    let edges = (0...15).map { Double($0) / 15 }
    let calibration = Calibration(confidences: edges, isRight: edges.map { _ in true })
    #expect(calibration.bins.map(\.count) == [2] + Array(repeating: 1, count: 14))
    #expect(calibration.bins.last?.confidence == 1 && calibration.bins.last?.gap == 0)
    let tenths = (1...10).map { Double($0) / 10 }
    #expect(
      Calibration(confidences: tenths, isRight: tenths.map { _ in false }, bins: 10).bins.allSatisfy { $0.count == 1 })
  }

  @Test("takes the mean confidence of a bin, not its middle")
  func meanConfidence() {
    // All at 0.99 and 99 % right: perfectly calibrated, though the middle of the bin is 0.967.
    let right = (0..<100).map { $0 > 0 }
    let calibration = Calibration(confidences: Array(repeating: 0.99, count: 100), isRight: right)
    #expect(abs(calibration.expectedError) < 1e-12 && abs(calibration.maximumError) < 1e-12)
  }

  @Test("keeps empty bins without a value, and they count nothing")
  func emptyBins() {
    let calibration = Calibration(confidences: [0.1, 0.95, 0.95], isRight: [false, true, false])
    #expect(calibration.bins.count == 15 && calibration.bins.count { $0.count == 0 } == 13)
    #expect(calibration.bins.filter { $0.count == 0 }.allSatisfy { $0.confidence == nil && $0.gap == nil })
    #expect(abs(calibration.expectedError - (0.1 / 3 + 0.45 * 2 / 3)) < 1e-12)
    #expect(abs(calibration.maximumError - 0.45) < 1e-12)
  }

  @Test("never parts images of equal confidence, and fills bins of equal mass otherwise")
  func ties() {
    let tied = Calibration(
      confidences: Array(repeating: 0.7, count: 30) + [0.9], isRight: Array(repeating: true, count: 31), bins: 5,
      binning: .equalMass)
    #expect(tied.bins.map(\.count) == [30, 1])
    let spread = Calibration(
      confidences: (0..<100).map { Double($0) / 100 }, isRight: Array(repeating: true, count: 100), bins: 5,
      binning: .equalMass)
    #expect(spread.bins.map(\.count) == [20, 20, 20, 20, 20])
  }

  @Test("does not depend on the order of images, and is 0 for a sure and right network, 1 for a sure and wrong one")
  func extremes() {
    #expect(Calibration(confidences: [1, 1], isRight: [true, true]).expectedError == 0)
    #expect(Calibration(confidences: [1, 1], isRight: [false, false]).expectedError == 1)
    #expect(Calibration(confidences: [], isRight: []).expectedError.isNaN)
    let confidences = (0..<50).map { Double(($0 * 37) % 50) / 50 }
    let right = (0..<50).map { $0 % 3 == 0 }
    let forward = Calibration(confidences: confidences, isRight: right).expectedError
    let backward = Calibration(confidences: confidences.reversed(), isRight: right.reversed()).expectedError
    #expect(abs(forward - backward) < 1e-14)
  }

  @Test("of enormous logits has no infinities: likelihood and divergence stay finite")
  func enormousLogits() {
    let predictions = Predictions(logits: [3000, -3000, -3000, 3000], labels: [0, 0], classes: 2)
    #expect(predictions.negativeLogLikelihood == 3000 && predictions.confidences == [1, 1])
    let other = Predictions(logits: [-3000, 3000, -3000, 3000], labels: [0, 0], classes: 2)
    #expect(Fidelity(predictions, to: other).divergence == 3000)
    #expect(Fidelity(predictions, to: predictions).divergence == 0)
  }
}
