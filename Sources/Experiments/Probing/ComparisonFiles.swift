import Analysis
import Checkpoints
import Plotting
import Reporting
import Statistics

/// Figures, tables, tensors and page of `probe compare`.
public struct ComparisonFiles: ProbeFiles {
  let comparison: NetworkComparison
  /// What both keep of the same images; nil where that was not asked.
  let maps: MapComparison?
  /// What tells the checkpoints' paths apart.
  let names: [String]
  /// The command line that makes the page again; nil where none is wanted.
  private let command: String?
  private var answers: AnswerComparison { comparison.answers }
  private var mapFiles: MapFiles? { maps.map { MapFiles($0.probe, names: comparison.pair?.names) } }

  /// The looks of A and B in all figures.
  static let looks = [RoleLook.student(0), RoleLook.teacher]
  /// Pictures on which the networks disagree that are drawn.
  static let mostPictures = 20
  private static let picturesInRow = 5

  /// - Parameters:
  ///   - comparison: what was found.
  ///   - a: the first checkpoint as it was named.
  ///   - b: the second.
  ///   - maps: what both keep of the same images; nil where that was not asked.
  ///   - command: the command line, where a page is to be written that says it.
  public init(
    _ comparison: NetworkComparison, _ a: String, _ b: String, maps: MapComparison? = nil,
    reportOf command: String? = nil
  ) {
    self.comparison = comparison
    self.maps = maps
    self.command = command
    names = shortNames([a, b])
  }

  /// Answers, pictures on which they differ, the CKA matrix, the maps.
  public var figures: [(name: String, figure: Plotting.Figure)] {
    var figures = [(name: "compare", figure: answerFigure)]
    if let figure = pictureFigure { figures.append((name: "disagreements", figure: figure)) }
    if let table = comparison.insides?.similarities {
      let map = HeatMap(
        similaritiesOf: "CKA of layers",
        table.entries.reversed().map { $0.map { $0.estimate?.value } }, rows: table.rows.reversed(),
        columns: table.columns, rowName: "A: \(names[0])", columnName: "B: \(names[1])")
      figures.append((name: "similarity", figure: Figure(maps: [map], inRow: 1, rowHeight: 90)))
    }
    return figures + (mapFiles?.figures ?? [])
  }

  /// What became of the images, and of each class; without labels how sure both are of each image.
  private var answerFigure: Plotting.Figure {
    guard let judgement = answers.judgement else {
      return Figure(width: 120, panels: [[.chart(certainties)]], rowHeight: 90)
    }
    let shown = ConfusionMatrix(answers.predictions.first).shownClasses
    let series = zip(names.indices, [judgement.scores.first, judgement.scores.second]).map { place, scores in
      ClassDots.Series(letter(place), scores.map(\.recall), look: Self.looks[place])
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(outcomes(judgement)),
          ClassDots(series, classes: answers.classes, shown: shown).panel("images of the class that are right / %"),
        ]
      ], rowHeight: ClassDots.height(shown.count))
  }

  private func letter(_ place: Int) -> String { "\(place == 0 ? "A" : "B"): \(names[place])" }

  private func outcomes(_ judgement: AnswerComparison.Judgement) -> Chart {
    let (right, errors) = (judgement.right, judgement.errors)
    let count = answers.predictions.first.count
    let rows = [
      ("both right", right[0]), ("only A right", right[1]), ("only B right", right[2]),
      ("both wrong, alike", errors.alike), ("both wrong, differently", errors.bothWrong - errors.alike),
    ].compactMap { label, images in
      wilsonInterval(images, of: count).map { Intervals.Row(label, $0, scale: 100) }
    }
    return Chart(
      title: "All images", x: Axis("images / %", startsAtZero: true), y: Axis(""),
      marks: [.intervals(Intervals(rows: rows, look: RoleLook.reference.withMarker(.circle), reference: nil))])
  }

  private var certainties: Chart {
    let (a, b) = (answers.predictions.first, answers.predictions.second)
    let (first, second) = (a.confidences, b.confidences)
    // More dots than this are one blot.
    let places = (0..<min(1000, a.count)).map { $0 * a.count / min(1000, a.count) }
    func points(_ name: String, _ look: Look, _ isShown: (Int) -> Bool) -> Mark {
      .points(Points(name, points: places.filter(isShown).map { Point(first[$0], second[$0]) }, look: look))
    }
    return Chart(
      title: "How sure both are of each image", x: Axis("confidence of A: \(names[0])", range: 0...1),
      y: Axis("confidence of B: \(names[1])", range: 0...1),
      marks: [
        points("same class", RoleLook.student(0)) { a.choices[$0] == b.choices[$0] },
        points("different classes", RoleLook.baseline) { a.choices[$0] != b.choices[$0] },
      ])
  }

  /// The pictures of which both are surest while they differ; nil where they never do, or there are no pictures.
  private var pictureFigure: Plotting.Figure? {
    guard let pair = comparison.pair else { return nil }
    let places = Array(answers.disagreements.prefix(Self.mostPictures))
    guard !places.isEmpty else { return nil }
    let columns = min(Self.picturesInRow, places.count)
    let rows = stride(from: 0, to: places.count, by: columns).map { start -> Panel in
      let part = (start..<start + columns).map { $0 < places.count ? places[$0] : nil }
      return .gallery(
        Gallery(
          columnTitles: part.map { $0.map { caption($0, pair) } ?? "" },
          cells: [part.map { $0.map { pair.first.picture($0) } ?? .blank }], colourBarLabel: ""))
    }
    return Figure(
      width: min(Figure.twoColumns, 20 + 34 * Double(columns)), panels: rows.map { [$0] }, rowHeight: 44,
      showsLegend: false)
  }

  private func caption(_ place: Int, _ pair: NetworkPair) -> String {
    func answer(_ predictions: Predictions) -> String {
      let choice = predictions.choices[place]
      let share = predictions.probabilities[place * predictions.classes + choice]
      return "\(answers.classes[choice]) \(NumberFormat.percent(share, decimals: 0))"
    }
    let head = comparison.labels.map { "is \(answers.classes[$0[place]])" } ?? pair.names[place]
    return "\(head)\nA \(answer(answers.predictions.first))\nB \(answer(answers.predictions.second))"
  }

  /// The numbers, similarities of layers, accuracies of classes, distances of weights, images that part the networks, maps.
  public var tables: [(name: String, table: Table)] {
    var tables = [(name: "compare", table: numbers), (name: "disagreements", table: disagreements)]
    if answers.judgement != nil {
      let key = [Table.Column("checkpoint", .text, "The checkpoint: what tells its path from the other's.")]
      let answered = [(names[0], answers.predictions.first), (names[1], answers.predictions.second)]
      let parts = answered.map { name, predictions -> (key: [Cell], rows: [[Cell]]) in
        let rows = PredictionTables.classRows(ConfusionMatrix(predictions), names: answers.classes)
        return (key: [.text(name)], rows: rows)
      }
      tables.append((name: "classes", table: Table(keys: key, PredictionTables.classes, parts)))
    }
    if let insides = comparison.insides {
      let layers = SimilarityTable.tableColumns(
        Table.Column("layer_a", .text, "Layer of the first checkpoint."),
        Table.Column("layer_b", .text, "Layer of the second checkpoint."))
      let rows = insides.similarities.tableRows
      tables.append((name: "similarity", table: Table(keys: [], layers, [(key: [], rows: rows)])))
      tables.append((name: "weights", table: weights(insides)))
    }
    return tables + (mapFiles?.tables ?? [])
  }

  private func weights(_ insides: NetworkComparison.Insides) -> Table {
    var weights = Table([
      Table.Column("name", .text, "Tensor that both have."),
      Table.Column("relative", .number, "|a - b| / |a|; empty where shapes differ."),
      Table.Column("cosine", .number, "Cosine of the angle between them."),
    ])
    for tensor in insides.distances {
      weights.append([.text(tensor.name), Cell(tensor.relative), Cell(tensor.cosine)])
    }
    return weights
  }

  private var numbers: Table {
    var table = Table([
      Table.Column("quantity", .text, "What is compared."),
      Table.Column("value", .number, "Its value; empty where it does not exist."),
      Table.Column("lower", .number, "Lower end of its 95 % interval."),
      Table.Column("upper", .number, "Upper end of its 95 % interval."),
    ])
    func add(_ name: String, _ value: Double?) { table.append([.text(name), Cell(value), .empty, .empty]) }
    func add(_ name: String, _ estimate: Estimate?) {
      table.append([.text(name), Cell(estimate?.value), Cell(estimate?.lower), Cell(estimate?.upper)])
    }
    add("agreement", answers.agreement)
    for one in answers.divergences {
      add("kl at temperature \(NumberFormat.significant(one.temperature, 1))", one.value)
    }
    if let judgement = answers.judgement {
      add("accuracy_a", judgement.accuracies.first)
      add("accuracy_b", judgement.accuracies.second)
      add("difference", judgement.difference)
      add("mcnemar_p", judgement.mcNemar.pValue)
      add("error_consistency", judgement.errors.consistency)
      add("both_wrong_alike", judgement.errors.alikeShare)
    }
    if let insides = comparison.insides { add("boundary_agreement", insides.boundaryAgreement) }
    if let found = maps?.similarity {
      add("gap_a", found.gaps.a)
      add("gap_b", found.gaps.b)
      add("gap_difference", found.difference)
      add("map_correlation", found.correlation)
    }
    return table
  }

  private var disagreements: Table {
    let (a, b) = (answers.predictions.first, answers.predictions.second)
    var table = Table([
      Table.Column("image", .text, "Name of the picture, or number of the image from 0."),
      Table.Column("label", .text, "Its class; empty where it is not known."),
      Table.Column("choice_a", .text, "What the first network takes it for."),
      Table.Column("confidence_a", .number, "The probability that it gives that class."),
      Table.Column("choice_b", .text, "What the second network takes it for."),
      Table.Column("confidence_b", .number, "The probability that it gives that class."),
    ])
    let (sure, surer) = (a.confidences, b.confidences)
    for place in answers.disagreements {
      table.append([
        .text(comparison.pair?.names[place] ?? "\(place)"), Cell(comparison.labels.map { answers.classes[$0[place]] }),
        .text(answers.classes[a.choices[place]]), .number(sure[place]), .text(answers.classes[b.choices[place]]),
        .number(surer[place]),
      ])
    }
    return table
  }

  /// Logits of both, and labels where they are known.
  public var tensors: [(name: String, tensors: [StoredTensor])] {
    let count = answers.predictions.first.count
    let shape = [count, answers.classes.count]
    return [
      (
        name: "compare",
        tensors: [
          StoredTensor(name: "logits_a", shape: shape, floats: comparison.logits.first),
          StoredTensor(name: "logits_b", shape: shape, floats: comparison.logits.second),
        ]
          + (comparison.labels.map { [StoredTensor(name: "labels", shape: [count], integers: $0.map(Int64.init))] }
            ?? [])
      )
    ]
  }

  /// The page, where a command is given that makes it again.
  public var report: Report? {
    command.map { ComparisonReport(comparison, maps, names, pictures: pictureFigure != nil, command: $0).report }
  }
}

extension Look {
  fileprivate func withMarker(_ marker: Marker) -> Look { Look(color: color, dash: [], marker: marker) }
}
