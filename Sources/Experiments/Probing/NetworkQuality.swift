import Analysis
import Datasets
import Foundation
import Models
import Statistics
import Tensors
import Training

/// How good a network's answers are, and how much its confidence is worth.
public struct NetworkQuality {
  /// What the network is, where its file says so.
  public let role: String?
  /// Its answers.
  public let predictions: Predictions
  /// Names of the classes.
  public let classes: [String]
  /// Share of images that are right, with Wilson's interval.
  public let accuracy: Estimate
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

  /// Asks a network about the images.
  ///
  /// - Parameters:
  ///   - probed: the network, of the data's classes.
  ///   - data: the data set.
  ///   - bins: bins of confidence.
  ///   - binning: how images are put into bins.
  /// - Throws: ``InputError`` if logits are not finite numbers.
  public init(
    _ probed: ProbeData.ProbedNetwork, on data: ProbeData, bins: Int,
    binning: Calibration.Binning
  ) throws {
    role = probed.role
    let set = data.asked
    let logits = try probed.logits(on: set).floats
    classes = set.classes
    predictions = Predictions(logits: logits, labels: set.labels.map(Int.init), classes: classes.count)
    accuracy =
      wilsonInterval(predictions.right, of: predictions.count)
      ?? Estimate(.nan, count: 0, method: "no images")
    calibration = Calibration(predictions, bins: bins, binning: binning)
    equalMassError = Calibration(predictions, bins: bins, binning: .equalMass).expectedError
    classwiseError = Calibration.classwiseError(predictions, bins: bins)
    confusion = ConfusionMatrix(predictions)
    guard let development = data.ownDevelopment, development.count > 0,
      let fit = try TemperatureScaling.fit(
        logits: probed.logits(on: development).floats,
        labels: development.labels.map(Int.init), classes: classes.count)
    else {
      scaled = nil
      return
    }
    let cooled = Predictions(
      logits: logits, labels: predictions.labels, classes: classes.count, temperature: fit.temperature)
    scaled = (fit, Calibration(cooled, bins: bins, binning: binning).expectedError)
  }
}
