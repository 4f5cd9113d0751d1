import Reporting
import Statistics

/// What networks are compared by, beside their concepts: each has one value per network.
enum ComparedQuantity: String, CaseIterable {
  case accuracy = "test_accuracy"
  case bestAccuracy = "test_accuracy_best_epoch"
  case agreement
  case divergence
  case calibrationError = "calibration_error"
  case loss = "test_loss"
  case seconds = "seconds_per_epoch"
  case relativeTime = "time_over_kd"
  case peakBytes = "peak_bytes"

  /// What it is, in one line.
  var summary: String {
    switch self {
    case .accuracy: "Share of test images classified correctly, last epoch."
    case .bestAccuracy: "The same with the weights of the epoch that was best on the development split."
    case .agreement: "Share of test images on which teacher and network predict the same class."
    case .divergence: "Mean KL(teacher, network) of the predictions at temperature 1, nats."
    case .calibrationError: "Expected calibration error, 15 bins of equal width."
    case .loss: "Mean cross-entropy with the labels (negative log-likelihood), nats."
    case .seconds: "Median over epochs of the joint training of the time of their steps, without evaluation, seconds."
    case .relativeTime: "seconds_per_epoch over that of kd of the same seed."
    case .peakBytes: "Most bytes that tensors held at once in a step; empty where it was not noted."
    }
  }

  /// Head of its column and label of its axis.
  var title: String {
    switch self {
    case .accuracy: "test accuracy / %"
    case .bestAccuracy: "test accuracy, best epoch / %"
    case .agreement: "agrees with teacher / %"
    case .divergence: "KL from teacher / nats"
    case .calibrationError: "ECE / %"
    case .loss: "NLL / nats"
    case .seconds: "time per epoch / s"
    case .relativeTime: "time / kd's"
    case .peakBytes: "tensors at peak / MiB"
    }
  }

  /// What is better: for time and memory less is.
  var best: ReportTable.Best {
    switch self {
    case .accuracy, .bestAccuracy, .agreement: .largest
    default: .smallest
    }
  }

  /// Where it can lie.
  var range: ClosedRange<Double> {
    switch self {
    case .accuracy, .bestAccuracy, .agreement, .calibrationError: QuantityRange.share
    case .divergence, .loss, .seconds, .relativeTime, .peakBytes: QuantityRange.nonnegative
    }
  }

  /// Factor from its value to the unit of ``title``.
  var scale: Double {
    switch self {
    case .accuracy, .bestAccuracy, .agreement, .calibrationError: 100
    case .peakBytes: 1 / 1_048_576
    default: 1
    }
  }
}
