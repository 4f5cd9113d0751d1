import Analysis
import Plotting
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// The student's layer whose curve over epochs is shown: the last that was measured and compared.
  private var followedLayer: String? {
    let compared = results.similarities.first?.table.rows ?? []
    return recipe.analysis.layers.last { compared.contains($0) } ?? compared.dropLast().last ?? compared.last
  }

  /// One layer over epochs, and students' layers × teacher's layers at the end.
  var similarityPictures: [ReportPicture] {
    guard let layer = followedLayer, let first = results.similarities.first else { return [] }
    let teacherLayers = first.table.columns
    let atEnd = studentRoles.map { role -> HeatMap in
      HeatMap(
        similaritiesOf: title(role),
        first.table.rows.reversed().map { row in teacherLayers.map { lastSimilarity(role, row, $0)?.value } },
        rows: first.table.rows.reversed(), columns: teacherLayers, rowName: "network's layer",
        columnName: "teacher's layer")
    }
    let inRow = studentRoles.count == 2 ? 2 : 3
    // One epoch alone, where no other was kept, is what the second figure shows.
    let hasCurves = Set(results.similarities.map(\.epoch)).count > 1
    let pictures = [
      ReportPicture(
        name: "similarity-epochs", figure: similarityCourse(layer, first.table),
        alternative: "Similarity of one layer with the teacher's over epochs, and the paired differences",
        caption: """
          When the teacher's knowledge arrives: debiased linear CKA of \(code: layer) with the finished teacher's layer over \
          training, seed \(recipe.seeds.first ?? 1) (n = \(similarityImages), \(jackknife) at the median). Epoch 0 is the \
          initialisation. Right: what a student has more than the baseline, which sees the same images and labels; at the \
          last epoch every seed has a dot.
          """),
      ReportPicture(
        name: "similarity-layers", figure: Figure(maps: atEnd, inRow: inRow, rowHeight: 65),
        alternative: "Similarity of every layer with every layer of the teacher at the last epoch",
        caption: """
          Every layer with every layer of the teacher at the last epoch, debiased, n = \(similarityImages), mean over \
          \(recipe.seeds.count) \(recipe.seeds.count == 1 ? "seed" : "seeds"). The numbers and their errors are in the table below.
          """),
    ]
    return hasCurves ? pictures : [pictures[1]]
  }

  /// The followed layer's similarity with its partner in the teacher over epochs, and student − baseline of each seed.
  private func similarityCourse(_ layer: String, _ table: SimilarityTable) -> Figure {
    let partner = matchedLayers(table).first { $0.0 == layer }?.1 ?? layer
    let epochs = Set(results.similarities.map(\.epoch)).sorted()
    func value(_ role: String, _ seed: Int, _ epoch: Int) -> Double? {
      results.similarities.first { $0.role == role && $0.seed == seed && $0.epoch == epoch }?
        .table.entry(layer, partner)?.estimate?.value
    }
    // Before the last epoch one seed alone is compared: a mean over all at the end would be another curve.
    let first = recipe.seeds.first ?? 1
    func curve(_ values: (Int, Int) -> Double?) -> [Point] {
      epochs.compactMap { epoch in values(first, epoch).map { Point(Double(epoch), $0) } }
    }
    let curves = studentRoles.map { role -> Mark in
      .line(Line(title(role), points: curve { value(role, $0, $1) }, look: look(role)))
    }
    let gains = students.flatMap { student -> [Mark] in
      let gain = { (seed: Int, epoch: Int) -> Double? in
        value(student, seed, epoch).flatMap { own in value(RoleName.baseline, seed, epoch).map { own - $0 } }
      }
      let dots = epochs.flatMap { epoch in
        recipe.seeds.compactMap { seed in gain(seed, epoch).map { Point(Double(epoch), $0) } }
      }
      return [
        .points(Points(nil, points: dots, look: Look(color: look(student).color, marker: .circle))),
        .line(Line(nil, points: curve(gain), look: look(student).marked(.none))),
      ]
    }
    let axis = Axis("epoch", isWholeNumbers: true)
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(title: "\(layer) with the teacher's \(partner)", x: axis, y: Axis("debiased CKA"), marks: curves)),
          .chart(
            Chart(
              title: "Student − baseline", x: axis, y: Axis("difference of CKA"),
              marks: [.horizontalRule(0)] + gains)),
        ]
      ])
  }

  /// The mean over seeds at the last epoch: Student's t interval, for one seed the jackknife's over images.
  private func lastSimilarity(_ role: String, _ row: String, _ column: String) -> Estimate? {
    let estimates = results.similarities.filter { $0.role == role && $0.epoch == recipe.training.epochs }
      .compactMap { $0.table.entry(row, column)?.estimate }
    return estimates.count == 1
      ? estimates[0]
      : studentInterval(of: estimates.map(\.value), over: "seeds", within: QuantityRange.correlation)
  }

  /// What the layers share, with errors.
  var similaritySections: [ReportSection] {
    guard let first = results.similarities.first else { return [] }
    var table = ReportTable(
      [.init("Network's layer"), .init("Teacher's layer")] + studentRoles.map { .init("\(title($0))", .right) }
        + students.map { .init("\($0) − baseline", .right) },
      caption: """
        Linear CKA at the last epoch, debiased, n = \(similarityImages) development images, ± 95 % \
        \(recipe.seeds.count == 1 ? "jackknife over images" : "Student t over \(recipe.seeds.count) seeds"); each \
        network's own jackknife error over images is \(jackknife) at the median. Differences are paired by seed.
        """)
    for (row, column) in matchedLayers(first.table) {
      table.append(
        [MarkdownText(code: row), MarkdownText(code: column)]
          + studentRoles.map { cell(lastSimilarity($0, row, column)) }
          + students.map { cell(similarityGain($0, row, column)) })
    }
    var after: [Block] = [
      .table(table),
      .paragraph(
        """
        Features are flattened to one row per image (height × width × channels), centred, and compared by the unbiased \
        HSIC₁ (Song et al., 2012; Nguyen et al., ICLR 2021), in evaluation mode. 1: equal up to rotation and scale; \
        near 0: nothing linear in common. Two networks trained on the same labels resemble each other \
        even without a teacher: read a student's number beside the baseline's. All pairs of layers and epochs are in \(code: "similarity.csv").
        """),
    ]
    let problems = Set(results.similarities.flatMap { item in item.table.problems.map { "\(item.role): \($0)" } })
    if !problems.isEmpty {
      after.append(.paragraph("Without a value: \(problems.sorted().joined(separator: "; "))."))
    }
    let file = DataFolder.File(
      "similarity", "One row per network, epoch, layer and layer of the teacher.", RunTables.similarities(results))
    return [
      ReportSection(
        title: "What the layers share (CKA)", pictures: similarityPictures, after: after, files: [file])
    ]
  }

  private var similarityImages: Int { min(Evaluations.similarityImages, data.development.count) }

  private var jackknife: String {
    let errors = results.similarities.flatMap { $0.table.entries.joined().compactMap(\.estimate?.error) }
    return quantile(0.5, of: errors).map { "± \(NumberFormat.significant($0, 2))" } ?? "unknown"
  }

  /// Layers of one name, and for those without a namesake the teacher's most similar one by the baseline.
  private func matchedLayers(_ table: SimilarityTable) -> [(String, String)] {
    table.rows.compactMap { row in
      if table.columns.contains(row) { return (row, row) }
      let best = table.columns.max {
        (lastSimilarity(RoleName.baseline, row, $0)?.value ?? -2)
          < (lastSimilarity(RoleName.baseline, row, $1)?.value ?? -2)
      }
      return best.map { (row, $0) }
    }
  }

  private func similarityGain(_ student: String, _ row: String, _ column: String) -> Estimate? {
    let last = results.similarities.filter { $0.epoch == recipe.training.epochs }
    let differences = recipe.seeds.compactMap { seed -> Double? in
      func value(_ role: String) -> Double? {
        last.first { $0.role == role && $0.seed == seed }?.table.entry(row, column)?.estimate?.value
      }
      return value(student).flatMap { own in value(RoleName.baseline).map { own - $0 } }
    }
    return studentInterval(of: differences, over: "seeds")
  }
}
