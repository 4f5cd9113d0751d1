import Analysis
import Statistics

/// How good a network's answers are, and how much its confidence is worth.
public struct NetworkQuality {
  /// Where it was read from, what it is, what it answered.
  public let answers: LabelledAnswers
  /// Its answers as probabilities.
  public let predictions: Predictions
  /// Names of the classes.
  public var classes: [String] { answers.classes }
  /// Share of images that are right, with Wilson's interval.
  public let accuracy: Estimate
  /// Share of images whose class is among the five likeliest, with Wilson's interval; nil below six classes.
  public let topFive: Estimate?
  /// Bins of confidence.
  public let calibration: Calibration
  /// Calibration error over bins of equally many images.
  public let equalMassError: Double
  /// Mean calibration error of the classes.
  public let classwiseError: Double
  /// Which class is taken for which.
  public let confusion: ConfusionMatrix
  /// The temperature that calibrates best on the development split, and the calibration error then; nil where the
  /// development split itself is judged, or there is none.
  public let scaled: (fit: TemperatureScaling.Fit, expectedError: Double)?

  /// Judges what a network answered.
  ///
  /// - Parameters:
  ///   - answers: logits and labels.
  ///   - bins: bins of confidence.
  ///   - binning: how images are put into bins.
  public init(_ answers: LabelledAnswers, bins: Int, binning: Calibration.Binning) {
    self.answers = answers
    let (judged, classes) = (answers.judged, answers.classes.count)
    predictions = Predictions(logits: judged.logits, labels: judged.labels, classes: classes)
    func share(_ right: Int) -> Estimate {
      wilsonInterval(right, of: judged.labels.count) ?? Estimate(.nan, count: 0, method: "no images")
    }
    accuracy = share(predictions.right)
    topFive = classes > 5 ? share(predictions.areAmong(likeliest: 5).count { $0 }) : nil
    calibration = Calibration(predictions, bins: bins, binning: binning)
    equalMassError = Calibration(predictions, bins: bins, binning: .equalMass).expectedError
    classwiseError = Calibration.classwiseError(predictions, bins: bins)
    confusion = ConfusionMatrix(predictions)
    guard let development = answers.development,
      let fit = TemperatureScaling.fit(logits: development.logits, labels: development.labels, classes: classes)
    else {
      scaled = nil
      return
    }
    let cooled = Predictions(
      logits: judged.logits, labels: judged.labels, classes: classes, temperature: fit.temperature)
    scaled = (fit, Calibration(cooled, bins: bins, binning: binning).expectedError)
  }
}
