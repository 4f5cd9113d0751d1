import Analysis
import Plotting
import Reporting
import Statistics

extension ReportMaterial {
  /// Which class is taken for which, teacher, baseline and students, images of all seeds together.
  var confusionPicture: ReportPicture {
    let classes = data.test.classes
    let maps = roles.map { role in
      HeatMap(confusionOf: title(role), shares: shares(role), classes: classes)
    }
    return ReportPicture(
      name: "confusion", figure: Figure(maps: maps, inRow: 2, rowHeight: 85),
      alternative: "Confusion matrices of all networks on the test split",
      caption: """
        Predicted class by true class on the test split, in per cent of the images of the true class, all seeds \
        together. The diagonal is each class's accuracy.
        """, section: .classes)
  }

  private func shares(_ role: String) -> [[Double?]] {
    let matrices = results.tests.filter { $0.role == role }.map { ConfusionMatrix($0.predictions).counts }
    guard let first = matrices.first else { return [] }
    return first.indices.map { label in
      let row = first[label].indices.map { choice in matrices.reduce(0) { $0 + $1[label][choice] } }
      let all = row.reduce(0, +)
      return row.map { all > 0 ? Double($0) / Double(all) : nil }
    }
  }

  /// Accuracy class by class, and what each student gains or loses.
  var classSection: ReportSection {
    let differences = students.map { ReportTable.Column("\($0) − baseline", .right) }
    var table = ReportTable(
      [.init("Class"), .init("Images", .right)] + roles.map { .init("\(title($0))", .right) } + differences,
      caption: """
        Accuracy of each class on the test split, in per cent, and the students' differences in points; mean \
        over seeds with 95 % Student t interval, differences paired by seed. \(data.test.classes.count) classes are \
        as many comparisons: one interval in twenty excludes zero by chance.
        """)
    for (index, name) in data.test.classes.enumerated() {
      let values = roles.map { role in accuracies(role, index) }
      let own = values.map { studentInterval(of: $0.map(\.value), over: "seeds", within: QuantityRange.share) }
      let baseline = accuracies("baseline", index)
      let gains = students.map { student -> Estimate? in
        let pairs = accuracies(student, index).compactMap { one in
          baseline.first { $0.seed == one.seed }.map { one.value - $0.value }
        }
        return studentInterval(of: pairs, over: "seeds", within: QuantityRange.correlation)
      }
      table.append(
        ["\(name)", "\(data.test.classCounts[index])"]
          + (own + gains).map { $0.map { "\(NumberFormat.estimate($0, scale: 100))" } ?? "–" })
    }
    return ReportSection(name: .classes, title: "Per class", before: [.table(table)], after: [])
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
