import Analysis
import Plotting
import Reporting
import Statistics

extension ReportMaterial {
  /// Accuracy over confidence of teacher, baseline and students.
  var reliabilityPicture: ReportPicture {
    let series = roles.map { role in
      let tests = results.tests.filter { $0.role == role }
      return ReliabilitySeries(
        legend(role, seeds: tests.count), tests.map(\.calibration), look: look(role))
    }
    return ReportPicture(
      name: "reliability", figure: .reliability(series),
      alternative: "Accuracy over mean confidence in 15 bins, and the share of images in each bin",
      caption: """
        Reliability on the test split, 15 bins of equal width at their own mean confidence. On the diagonal confidence \
        is accuracy; below it a network is overconfident. Bands: 95 % Student t over seeds, Wilson's interval \
        for a single network; bins in which some seed has no image are left out. Right: where the images are, which is \
        how much each bin counts.
        """)
  }

  /// Numbers of calibration, and the bins behind them.
  var calibrationSection: ReportSection {
    var table = ReportTable(
      [
        .init("Network"), .init("ECE (%)", .right), .init("MCE (%)", .right), .init("NLL (nats)", .right),
        .init("Brier", .right), .init("Confidence − accuracy (points)", .right),
      ],
      caption: """
        Calibration on the test split (n = \(data.test.count)), mean over seeds with 95 % Student t interval. ECE and \
        MCE: expected and largest gap between mean confidence and accuracy over 15 bins of equal width (0.067). NLL: \
        cross-entropy with the labels. Brier: squared error summed over classes, 0 to 2. A value \
        above 0 in the last column means that the network is overconfident.
        """)
    for role in roles {
      table.append([
        "\(title(role))", number(role, scale: 100) { $0.calibration.expectedError },
        number(role, scale: 100) { $0.calibration.maximumError },
        number(role, within: QuantityRange.nonnegative) { $0.loss },
        number(role, within: 0...2) { $0.predictions.brierScore },
        number(role, scale: 100, within: QuantityRange.correlation) { test in
          (mean(of: test.predictions.confidences) ?? .nan) - test.accuracy
        },
      ])
    }
    return ReportSection(
      title: "Calibration", before: [.table(table)], pictures: [reliabilityPicture],
      after: [.details("Bins of confidence", [.table(binTable)])],
      files: [
        DataFolder.File(
          "calibration", "One row per finished network and bin of confidence, on the test split.",
          RunTables.calibration(results))
      ])
  }

  private var binTable: ReportTable {
    let heads = roles.flatMap { role -> [ReportTable.Column] in
      [.init("\(title(role)): images", .right), .init("confidence → accuracy", .right)]
    }
    var table = ReportTable(
      [.init("Bin")] + heads,
      caption: """
        The bins of the reliability diagram, images summed over seeds; mean confidence → accuracy, in per cent. \
        An empty bin has no weight.
        """)
    for bin in results.tests.first?.calibration.bins.indices ?? 0..<0 {
      var row: [MarkdownText] = []
      var name = ""
      for role in roles {
        let bins = results.tests.filter { $0.role == role }.map { $0.calibration.bins[bin] }
        name = bins.first.map { "\(NumberFormat.fixed($0.lower, 3))–\(NumberFormat.fixed($0.upper, 3))" } ?? name
        let images = bins.reduce(0) { $0 + $1.count }
        func pooled(_ value: (Calibration.Bin) -> Double?) -> String {
          let sum = bins.reduce(0) { $0 + Double($1.count) * (value($1) ?? 0) }
          return NumberFormat.fixed(100 * sum / Double(images), 1)
        }
        row += ["\(images)", images > 0 ? "\(pooled(\.confidence)) → \(pooled(\.accuracy))" : "–"]
      }
      table.append(["\(name)"] + row)
    }
    return table
  }

  private func number(
    _ role: String, scale: Double = 1, within range: ClosedRange<Double> = QuantityRange.share,
    _ value: (TestResult) -> Double?
  ) -> MarkdownText {
    overSeeds(role, within: range, value).map { "\(NumberFormat.estimate($0, scale: scale))" } ?? "–"
  }
}
