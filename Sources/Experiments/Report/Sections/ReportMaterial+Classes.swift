import Analysis
import Plotting
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// Which class is taken for which by the baseline, and what students change in that, images of all seeds together.
  var confusionPicture: ReportPicture {
    let chosen = shownClasses
    let classes = chosen.map { data.test.classes[$0] }
    let baseline = matrix(RoleName.baseline).shares(of: chosen)
    let changes = students.map { student in
      let own = matrix(student).shares(of: chosen)
      let shares = zip(own, baseline).map { own, base in
        zip(own, base).map { own, base in own.flatMap { own in base.map { own - $0 } } }
      }
      return (title: "\(student) − baseline", shares: shares)
    }
    let maps =
      [HeatMap(confusionOf: title(RoleName.baseline), shares: baseline, classes: classes)]
      + HeatMap.confusionChanges(changes, classes: classes)
    return ReportPicture(
      name: "confusion", figure: Figure(maps: maps, inRow: 2, rowHeight: 85),
      alternative: "The baseline's confusion matrix on the test split, and the students' differences from it",
      caption: """
        Predicted class by true class on the test split, in per cent of the images of the true class, all seeds \
        together: first the baseline, whose diagonal is each class's accuracy, then what each student changes, in points. \
        Red on the diagonal is gained, blue beside it is a confusion that is gone.\(omission(in: "confusion"))
        """)
  }

  /// The answers of a role's networks of all seeds.
  private func matrix(_ role: String) -> ConfusionMatrix {
    ConfusionMatrix(results.tests.filter { $0.role == role }.map(\.predictions), classes: data.test.classes.count)
  }

  /// The classes that figure and table show: of very many those that all networks together answer worst.
  private var shownClasses: [Int] {
    ConfusionMatrix(results.tests.map(\.predictions), classes: data.test.classes.count).shownClasses
  }

  /// What a reader is told where classes are left out.
  private func omission(in file: String) -> MarkdownText {
    let (shown, all) = (shownClasses.count, data.test.classes.count)
    guard shown < all else { return "" }
    return " Of \(all) classes the \(shown) with most wrong answers are shown; \(code: "\(file).csv") has all."
  }

  /// Accuracy class by class, and what each student gains or loses.
  var classSection: ReportSection {
    let differences = students.map { ReportTable.Column("\($0) − baseline", .right) }
    var table = ReportTable(
      [.init("Class"), .init("Images", .right)] + roles.map { .init("\(title($0))", .right) } + differences,
      caption: """
        Accuracy of each class on the test split, in per cent, and the students' differences in points; mean \
        over seeds with 95 % Student t interval, differences paired by seed. \(data.test.classes.count) classes are \
        as many comparisons: one interval in twenty excludes zero by chance.\(omission(in: "classes"))
        """)
    let counts = data.test.classCounts
    for index in shownClasses {
      let values = roles.map { role in accuracies(role, index) }
      let own = values.map { studentInterval(of: $0.map(\.value), over: "seeds", within: QuantityRange.share) }
      let baseline = accuracies(RoleName.baseline, index)
      let gains = students.map { student -> Estimate? in
        let pairs = accuracies(student, index).compactMap { one in
          baseline.first { $0.seed == one.seed }.map { one.value - $0.value }
        }
        return studentInterval(of: pairs, over: "seeds", within: QuantityRange.correlation)
      }
      table.append(
        ["\(data.test.classes[index])", "\(counts[index])"]
          + (own + gains).map { $0.map { "\(NumberFormat.estimate($0, scale: 100))" } ?? "–" })
    }
    return ReportSection(
      title: "Per class", before: [.table(table)], pictures: [confusionPicture],
      files: [
        DataFolder.File(
          "classes", "One row per finished network and class, on the test split.",
          RunTables.classes(results, names: data.test.classes)),
        DataFolder.File(
          "confusion", "One row per finished network and pair of classes, on the test split.",
          RunTables.confusion(results, names: data.test.classes)),
      ])
  }

  private func accuracies(_ role: String, _ index: Int) -> [(seed: Int, value: Double)] {
    results.tests.filter { $0.role == role }.compactMap { test in
      let labels = test.predictions.labels
      let images = labels.indices.filter { labels[$0] == index }
      guard !images.isEmpty else { return nil }
      let right = images.count { test.predictions.choices[$0] == index }
      return (seed: test.seed, value: Double(right) / Double(images.count))
    }
  }
}
