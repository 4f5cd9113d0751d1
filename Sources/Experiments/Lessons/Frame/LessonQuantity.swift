import Analysis
import Statistics

/// What a lesson asks of every network.
package enum LessonQuantity: String, CaseIterable {
  case accuracy
  case agreement
  case divergence
  case calibrationError = "calibration_error"
  case confidence
  case loss
  case recall = "omitted_recall"
  case shiftedRecall = "shifted_omitted_recall"
  case gap
  case halfTime = "half_time"
  case steadiness

  /// What an axis and a table call it.
  package var title: String {
    switch self {
    case .accuracy: "test accuracy / %"
    case .agreement: "agreement with its teacher / %"
    case .divergence: "KL(teacher, student) / nats"
    case .calibrationError: "calibration error / points"
    case .confidence: "mean confidence / %"
    case .loss: "test loss / nats"
    case .recall: "omitted class recognised / %"
    case .shiftedRecall: "the same, logit shifted / %"
    case .gap: "gap g (H1) / nats"
    case .halfTime: "half-time t½ (H2)"
    case .steadiness: "ρ − ρ_floor (H3)"
    }
  }

  /// What the axis of a difference calls it.
  var differenceTitle: String { "difference in \(words.drawnSymbol)\(unit.isEmpty ? "" : " / \(unit)")" }

  /// What it is, in one line.
  package var summary: String {
    switch self {
    case .accuracy: "Share of test images classified correctly at the end."
    case .agreement: "Share of test images on which the network and the one that taught it choose the same class."
    case .divergence: "Mean KL(its teacher, network) on test images at temperature 1."
    case .calibrationError: "Expected calibration error on test images, 15 bins of equal width."
    case .confidence: "Mean largest probability on test images."
    case .loss: "Mean cross-entropy with the labels on test images."
    case .recall: "Share of the test images of the class that arms were not shown which are classified correctly."
    case .shiftedRecall:
      "The same after one number is added to that class's logit, so that it is chosen as often as it occurs."
    case .gap: Hypothesis.moreConcepts.quantitySummary + "."
    case .halfTime: Hypothesis.fasterLearning.quantitySummary + "."
    case .steadiness: Hypothesis.steadierDirection.quantitySummary + "."
    }
  }

  /// What it is called within a sentence.
  package var words: String {
    switch self {
    case .accuracy: "test accuracy"
    case .agreement: "agreement with the teacher"
    case .divergence: "KL to the teacher"
    case .calibrationError: "calibration error"
    case .confidence: "mean confidence"
    case .loss: "test loss"
    case .recall: "recall of the omitted class"
    case .shiftedRecall: "recall of the omitted class, logit shifted"
    case .gap: "the gap g"
    case .halfTime: "the half-time t½"
    case .steadiness: "ρ − ρ_floor"
    }
  }

  /// The factor between the stored number and the one that is shown: 100 for shares.
  package var scale: Double {
    switch self {
    case .accuracy, .agreement, .calibrationError, .confidence, .recall, .shiftedRecall: 100
    case .divergence, .loss, .gap, .halfTime, .steadiness: 1
    }
  }

  /// The unit of a difference, as shown.
  package var unit: String {
    switch self {
    case .accuracy, .agreement, .calibrationError, .confidence, .recall, .shiftedRecall: "points"
    case .divergence, .loss, .gap: "nats"
    case .halfTime, .steadiness: ""
    }
  }

  /// Where its mean can lie.
  package var range: ClosedRange<Double> {
    switch self {
    case .accuracy, .agreement, .calibrationError, .confidence, .recall, .shiftedRecall: QuantityRange.share
    case .divergence, .loss: QuantityRange.nonnegative
    case .gap: Hypothesis.moreConcepts.range
    case .halfTime: Hypothesis.fasterLearning.range
    case .steadiness: Hypothesis.steadierDirection.range
    }
  }
}
