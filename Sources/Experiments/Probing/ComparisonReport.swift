import Analysis
import Plotting
import Reporting
import Statistics
import Support
import Tensors

/// Two networks beside each other as a page to read: the answer first, then where they part.
struct ComparisonReport {
  private let comparison: NetworkComparison
  private let maps: MapComparison?
  private let names: [String]
  private let hasPictures: Bool
  private let command: String
  private var answers: AnswerComparison { comparison.answers }
  private var count: Int { answers.predictions.first.count }

  init(
    _ comparison: NetworkComparison, _ maps: MapComparison?, _ names: [String], pictures: Bool, command: String
  ) {
    self.comparison = comparison
    self.maps = maps
    self.names = names
    hasPictures = pictures
    self.command = command
  }

  var report: Report {
    var blocks: [Block] = [.paragraph(answer), .table(numbers)]
    blocks += [.heading(2, "What they answer"), .figure(answerFigure)]
    if !findings.isEmpty { blocks.append(.list(findings)) }
    if let judgement = answers.judgement {
      blocks.append(.details("Every class", [.table(classes(judgement))]))
    }
    if hasPictures {
      blocks += [.heading(2, "Where they part"), .figure(pictureFigure)]
    }
    if let insides = comparison.insides {
      blocks += [.heading(2, "What their layers share"), .paragraph(layers(insides)), .figure(layerFigure)]
      blocks.append(.details("Distance of the weights", weights(insides)))
    }
    if let maps {
      blocks += [.heading(2, "What they keep of the images"), .paragraph(kept(maps)), .figure(mapFigure(maps))]
    }
    blocks += [
      .heading(2, "What this does not show"), .list(limits), .heading(2, "How it was measured"), .list(method),
    ]
    blocks += [.paragraph("To make it again:"), .code(command, language: "sh")]
    return Report(title: "\(names[0]) beside \(names[1])", blocks: blocks)
  }

  /// The first sentences: who is right more often, and whether that could be chance.
  private var answer: MarkdownText {
    let head: MarkdownText = "**A** is \(code: names[0]), **B** is \(code: names[1])."
    let agreement = NumberFormat.percent(answers.agreement)
    guard let judgement = answers.judgement else {
      return "\(head) They choose the same class for \(agreement) of \(count) images."
    }
    let (a, b) = (judgement.accuracies.first.value, judgement.accuracies.second.value)
    let points = NumberFormat.fixed(100 * abs(a - b), 1)
    let p = NumberFormat.significant(judgement.mcNemar.pValue, 2)
    let verdict: MarkdownText =
      judgement.mcNemar.pValue > AccuracyComparison.level
      ? "No difference in accuracy is shown (McNemar's test: p = \(p))"
      : """
      **\(a > b ? "A" : "B") is more accurate**, \(NumberFormat.percent(max(a, b))) against \
      \(NumberFormat.percent(min(a, b))) (McNemar's test: p = \(p)), \(points) points
      """
    return "\(head) \(verdict). They choose the same class for \(agreement) of \(count) images."
  }

  private var numbers: ReportTable {
    var table = ReportTable([.init("What"), .init("Value", .right), .init("How to read it")])
    if let judgement = answers.judgement {
      let difference = NumberFormat.estimate(judgement.difference, scale: 100)
      table.append(["accuracy of A", "\(NumberFormat.percent(judgement.accuracies.first))", "95 % Wilson interval"])
      table.append(["accuracy of B", "\(NumberFormat.percent(judgement.accuracies.second))", "the same"])
      table.append(["A − B", "\(difference) points", "paired by image, 95 % Student t interval"])
    }
    table.append(["same class", "\(NumberFormat.percent(answers.agreement))", "share of the images"])
    for one in answers.divergences {
      let temperature = NumberFormat.significant(one.temperature, 1)
      table.append([
        "KL(B ‖ A) at temperature \(temperature)", "\(NumberFormat.significant(one.value, 3)) nats",
        one.temperature == 1 ? "0 where the probabilities are equal" : "of logits divided by it",
      ])
    }
    if let errors = answers.judgement?.errors {
      table.append([
        "error consistency κ", "\(number(errors.consistency, 3))",
        "0 for independent errors, 1 for errors on the same images",
      ])
      table.append([
        "equal answers where both are wrong", "\(errors.alikeShare.map { NumberFormat.percent($0) } ?? "–")",
        "of \(errors.bothWrong) images",
      ])
    }
    if let boundary = comparison.insides?.boundaryAgreement {
      table.append([
        "same class between images", "\(NumberFormat.percent(boundary))",
        "of \(Boundaries.pairCount * Boundaries.steps) mixtures of \(Boundaries.pairCount) pairs of images",
      ])
    }
    return table
  }

  private func number(_ value: Double?, _ decimals: Int) -> String {
    value.map { NumberFormat.fixed($0, decimals) } ?? "–"
  }

  private var answerFigure: ReportFigure {
    guard answers.judgement != nil else {
      return ReportFigure(
        path: "compare.png", alternative: "Confidence of A and of B, one dot per image",
        caption:
          "How sure A and B are of their own choices. Dots at the upper right that differ in class part them most.")
    }
    return ReportFigure(
      path: "compare.png", alternative: "Shares of images that both, one or none has right, and accuracy of each class",
      caption: """
        Left: what became of all \(count) images, with 95 % Wilson intervals. Right: the share of each class that is \
        right, A as circles, B as squares.
        """)
  }

  private var findings: [MarkdownText] {
    guard let judgement = answers.judgement else { return [] }
    let (a, b) = (names[0], names[1])
    var findings: [MarkdownText] = [
      """
      Only \(code: a) is right on \(judgement.right[1]) images, only \(code: b) on \(judgement.right[2]), neither on \
      \(judgement.right[3]).
      """
    ]
    let gaps = answers.classes.indices.compactMap { index -> (name: String, gap: Double)? in
      guard let own = judgement.scores.first[index].recall, let other = judgement.scores.second[index].recall
      else { return nil }
      return (answers.classes[index], 100 * (own - other))
    }
    if let lowest = gaps.min(by: { $0.gap < $1.gap }), let highest = gaps.max(by: { $0.gap < $1.gap }),
      lowest.gap < highest.gap
    {
      findings.append(
        """
        By class, A − B reaches from \(NumberFormat.fixed(lowest.gap, 1)) points (\(lowest.name)) to \
        \(NumberFormat.fixed(highest.gap, 1)) (\(highest.name)).
        """)
    }
    let pairs = takenFor
    if let first = pairs.first {
      findings.append(
        """
        Of the images on which they differ, the commonest pair of answers is \(first.a) by A and \(first.b) by B \
        (\(first.images) images).
        """)
    }
    return findings
  }

  /// Pairs of different answers, the commonest first.
  private var takenFor: [(a: String, b: String, images: Int)] {
    let (a, b) = (answers.predictions.first.choices, answers.predictions.second.choices)
    var counts: [[Int]: Int] = [:]
    for place in answers.disagreements { counts[[a[place], b[place]], default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) }.map {
      (answers.classes[$0.key[0]], answers.classes[$0.key[1]], $0.value)
    }
  }

  private func classes(_ judgement: AnswerComparison.Judgement) -> ReportTable {
    var table = ReportTable([
      .init("Class"), .init("Images", .right), .init("A", .right), .init("B", .right), .init("A − B / points", .right),
    ])
    for (index, name) in answers.classes.enumerated() {
      let (own, other) = (judgement.scores.first[index], judgement.scores.second[index])
      let gap = own.recall.flatMap { a in other.recall.map { NumberFormat.fixed(100 * (a - $0), 1) } }
      table.append([
        "\(name)", "\(own.support)", "\(own.recall.map { NumberFormat.percent($0) } ?? "–")",
        "\(other.recall.map { NumberFormat.percent($0) } ?? "–")", "\(gap ?? "–")",
      ])
    }
    return table
  }

  private var pictureFigure: ReportFigure {
    let all = answers.disagreements.count
    let shown = min(all, ComparisonFiles.mostPictures)
    let which = shown < all ? "\(shown) of the \(all) images" : "The \(all) images"
    let known: MarkdownText = answers.judgement == nil ? "" : "; above them what they are"
    return ReportFigure(
      path: "disagreements.png", alternative: "Pictures on which A and B choose different classes, with both answers",
      caption: """
        \(which) on which they choose different classes, those of which both are surest first\(known). All of them are \
        in `disagreements.csv`.
        """)
  }

  private func layers(_ insides: NetworkComparison.Insides) -> MarkdownText {
    let table = insides.similarities
    let best = table.rows.indices.compactMap { row -> (row: String, column: String, value: Double)? in
      table.columns.indices.compactMap { column in
        table.entries[row][column].estimate.map { (table.rows[row], table.columns[column], $0.value) }
      }.max { $0.2 < $1.2 }
    }
    guard !best.isEmpty else { return "No layers can be compared: \(table.problems.joined(separator: "; "))." }
    let pairs = best.map { "\($0.row) with \($0.column) (\(NumberFormat.fixed($0.value, 2)))" }
    return "Each layer of A with the layer of B that is most like it: \(pairs.joined(separator: ", "))."
  }

  private var layerFigure: ReportFigure {
    ReportFigure(
      path: "similarity.png", alternative: "Similarity of every layer of A with every layer of B",
      caption: """
        Debiased linear CKA: 1 for features that are equal up to rotation and scale, about 0 for unrelated ones. Bright \
        cells along the diagonal: the networks compute alike at the same depth.
        """)
  }

  private func kept(_ maps: MapComparison) -> MarkdownText {
    func nats(_ estimate: Estimate?) -> String { estimate.map { "\(NumberFormat.estimate($0)) nats" } ?? "–" }
    let (found, layers) = (maps.similarity, maps.probe.answers.map(\.layer))
    let correlation = found.correlation.map { NumberFormat.estimate($0) } ?? "–"
    let alike: MarkdownText = """
      The maps of A at \(code: layers[0]) and of B at \(code: layers[1]) have a rank correlation of \(correlation): 1 \
      where both keep the same cells in the same order, 0 where they have nothing in common.
      """
    guard maps.probe.hasMasks else { return alike }
    return """
      Entropy of the background minus that of the object, which says how much more of the object a layer keeps: A \
      \(nats(found.gaps.a)), B \(nats(found.gaps.b)), A − B \(nats(found.difference)). \(alike)
      """
  }

  private func mapFigure(_ maps: MapComparison) -> ReportFigure {
    let position: MarkdownText =
      maps.position == .none ? "as measured" : "without what a cell's place alone decides (\(maps.position.rawValue))"
    return ReportFigure(
      path: "entropy.png", alternative: "Images beside the entropy maps of A and of B",
      caption: """
        Entropy maps of \(maps.probe.probe.images.count) images, \(position), at most twelve of them drawn. Dark cells \
        are what the layer keeps.
        """)
  }

  private func weights(_ insides: NetworkComparison.Insides) -> [Block] {
    var table = ReportTable([.init("Tensor"), .init("‖A − B‖ / ‖A‖", .right), .init("cosine", .right)])
    for tensor in insides.distances {
      table.append([
        MarkdownText(code: tensor.name), "\(tensor.relative.map { NumberFormat.significant($0, 3) } ?? "other shape")",
        "\(number(tensor.cosine, 3))",
      ])
    }
    let rest = insides.unmatched.count
    return (insides.distances.isEmpty ? [] : [.table(table)])
      + [.paragraph("\(rest) tensors are in one network alone.")]
  }

  private var limits: [MarkdownText] {
    [
      "Two trainings with other seeds would differ as well: this is about these two files, not about their kinds.",
      answers.judgement == nil
        ? "Without labels nothing says which of two different answers is right."
        : "The intervals are over images; they say nothing of other trainings or other data.",
      "Layers may hold the same information and have a low CKA, which compares them up to rotation and scale alone.",
    ]
  }

  private var method: [MarkdownText] {
    var method: [MarkdownText] = [
      """
      KL(B ‖ A) is the mean over images of Σ p_B log(p_B / p_A), in nats, without the factor T².
      """
    ]
    if answers.judgement != nil {
      method.append(
        """
        Error consistency is Cohen's κ of being right (Geirhos, Meding and Wichmann, NeurIPS 2020); McNemar's test is \
        the exact one.
        """)
    }
    if comparison.insides != nil {
      method.append(
        """
        CKA is debiased (Nguyen, Raghu and Kornblith, ICLR 2021), with intervals by a jackknife over images in \
        `similarity.csv`.
        """)
      method.append(
        """
        Mixtures are \(Boundaries.steps) equal steps between the pixels of two images that are drawn at random.
        """)
    }
    if let maps {
      method.append(
        """
        Entropy maps (Guan et al., ICML 2019): \(maps.probe.grid)×\(maps.probe.grid) cells, a tenth of the feature's \
        variance, the last stage of each network; intervals over images.
        """)
    }
    method.append("Every number is in the tables beside this page, every logit in `compare.safetensors`.")
    method.append("KDScope \(programVersion).")
    return method
  }
}
