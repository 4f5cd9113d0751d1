import Analysis
import Experiments
import Reporting
import Statistics

/// What `probe accuracy` shows of one checkpoint.
struct AccuracyPage {
  let path: String
  let quality: NetworkQuality

  var text: String {
    let calibration = quality.calibration
    let predictions = quality.predictions
    var head = [
      ["accuracy", "\(percent(quality.accuracy)) (\(quality.accuracy.method))"]
    ]
    if let topFive = quality.topFive { head.append(["among five likeliest", percent(topFive)]) }
    head += [
      ["NLL", "\(NumberFormat.significant(predictions.negativeLogLikelihood)) nats"],
      ["Brier", "\(NumberFormat.significant(predictions.brierScore)), summed over classes"],
      [
        "ECE",
        "\(percent(calibration.expectedError)) (\(calibration.bins.count) \(calibration.binning.rawValue) bins), "
          + "\(percent(quality.equalMassError)) over bins of equal mass, \(percent(quality.classwiseError)) classwise",
      ],
      ["MCE", percent(calibration.maximumError)],
    ]
    if let scaled = quality.scaled {
      head.append([
        "temperature",
        fitted(scaled.fit) + "; ECE is then " + percent(scaled.expectedError),
      ])
    }
    return path + "\n" + aligned(head, indent: "  ") + "bins of confidence\n" + aligned(binRows, indent: "  ")
      + classTitle + aligned(classRows, indent: "  ") + confusion
  }

  private func fitted(_ fit: TemperatureScaling.Fit) -> String {
    let temperature = NumberFormat.significant(fit.temperature, 3)
    guard fit.isAtEndOfRange else { return "\(temperature) fits the development split" }
    let why =
      fit.temperature == TemperatureScaling.range.lowerBound
      ? "every image of the development split is right, so that lower is always likelier"
      : "the labels of the development split are never likelier than by chance"
    return "\(temperature) is the end of the range that is searched, no best value: \(why)"
  }

  private var binRows: [[String]] {
    [["confidence", "images", "mean confidence", "accuracy"]]
      + quality.calibration.bins.map { bin in
        [
          "\(NumberFormat.fixed(bin.lower, 3))–\(NumberFormat.fixed(bin.upper, 3))", "\(bin.count)",
          percent(bin.confidence), percent(bin.accuracy),
        ]
      }
  }

  private var classTitle: String {
    let (shown, all) = (quality.confusion.shownClasses.count, quality.classes.count)
    return shown < all ? "the \(shown) of \(all) classes with most wrong answers\n" : "classes\n"
  }

  private var classRows: [[String]] {
    [["class", "images", "precision", "recall", "F1"]]
      + quality.confusion.shownClasses.map { index in
        let score = quality.confusion.scores[index]
        return [
          quality.classes[index], "\(score.support)", percent(score.precision), percent(score.recall),
          percent(score.f1),
        ]
      }
  }

  /// The counts where they fit on a page; --json and --out have all of them.
  private var confusion: String {
    guard quality.classes.count <= 12 else { return "" }
    let counts = quality.confusion.counts(of: quality.confusion.shownClasses)
    let rows = zip(quality.classes, counts).map { name, row in [name] + row.map(String.init) }
    return "images of the true class (rows) by predicted class (columns)\n"
      + aligned([[""] + quality.classes] + rows, indent: "  ")
  }

  var document: DocumentNode {
    let calibration = quality.calibration
    return .map([
      "checkpoint": .text(path), "images": .whole(quality.predictions.count), "accuracy": .estimate(quality.accuracy),
      "top5": .estimate(quality.topFive),
      "nll": .number(quality.predictions.negativeLogLikelihood), "brier": .number(quality.predictions.brierScore),
      "ece": .number(calibration.expectedError), "mce": .number(calibration.maximumError),
      "ece_equal_mass": .number(quality.equalMassError), "ece_classwise": .number(quality.classwiseError),
      "temperature": .optional(quality.scaled?.fit.temperature),
      "at_end_of_range": quality.scaled.map { DocumentNode.flag($0.fit.isAtEndOfRange) } ?? DocumentNode.null,
      "ece_at_temperature": .optional(quality.scaled?.expectedError), "binning": .text(calibration.binning.rawValue),
      "bins": .list(
        calibration.bins.map { bin in
          .map([
            "lower": .number(bin.lower), "upper": .number(bin.upper), "images": .whole(bin.count),
            "confidence": .optional(bin.confidence), "accuracy": .optional(bin.accuracy),
          ])
        }),
      "classes": .list(
        zip(quality.classes, quality.confusion.scores).map { name, score in
          .map([
            "class": .text(name), "support": .whole(score.support), "predicted": .whole(score.predicted),
            "precision": .optional(score.precision), "recall": .optional(score.recall), "f1": .optional(score.f1),
          ])
        }),
      "confusion": quality.classes.count > ConfusionMatrix.mostReadable
        ? .null
        : .list(quality.confusion.counts(of: quality.confusion.shownClasses).map { .list($0.map { .whole($0) }) }),
    ])
  }
}
