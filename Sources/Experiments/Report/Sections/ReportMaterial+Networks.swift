import Analysis
import Reporting
import Statistics
import Support

extension ReportMaterial {
  /// The numbers of one layer: every network with the untrained one and the teacher, then every comparison.
  func numberBlocks(_ layer: LayerStudy) -> [Block] {
    layer.procedure == .published
      ? [.table(publishedTable(layer)), .details("Every comparison", [.table(publishedComparisons(layer))])]
      : [
        .table(networkTable(layer)), .paragraph("\(agreement(layer))"),
        .details("Every comparison", [.table(comparisons(layer))]),
      ]
  }

  /// What the networks do on the test split, where there are no concepts to stand beside it.
  var testTable: ReportTable {
    var table = ReportTable(
      testColumns,
      caption: """
        All networks at their last epoch, on the test split; \
        \(recipe.seeds.count == 1 ? "one seed" : "mean over \(recipe.seeds.count) seeds with 95 % Student t interval").
        """, name: "networks")
    for role in roles {
      let tests = testEstimates(role)
      table.append(
        ["\(title(role))"] + tests.map(cell), values: role == RoleName.teacher ? nil : [nil] + tests.map { $0?.value })
    }
    return table
  }

  private var testColumns: [ReportTable.Column] {
    let toTeacher: [ReportTable.Column] = [
      .init("Agrees with teacher (%)", .right, best: .largest),
      .init("KL from teacher (nats)", .right, best: .smallest),
    ]
    return [.init("Network"), .init("Test accuracy (%)", .right, best: .largest)]
      + (recipe.asksTeacher ? toTeacher : [])
  }

  private func testEstimates(_ role: String) -> [Estimate?] {
    let accuracy = overSeeds(role, within: 0...100) { 100 * $0.accuracy }
    guard recipe.asksTeacher else { return [accuracy] }
    return [
      accuracy, overSeeds(role, within: 0...100) { $0.agreement.map { 100 * $0 } },
      overSeeds(role, within: QuantityRange.nonnegative) { $0.divergence },
    ]
  }

  private func networkTable(_ layer: LayerStudy) -> ReportTable {
    var table = ReportTable(
      testColumns + [
        .init("Raw gap (nats)", .right), .init("Gap g (nats)", .right), .init("AUROC", .right), .init("N_fg", .right),
        .init("N_bg", .right), .init("t½", .right), .init("ρ", .right),
        .init("ρ_floor", .right),
      ],
      caption: """
        All networks at their last epoch, \(code: layer.layer). Gap: mean entropy of the background's cells − of the \
        object's, as measured (raw) and without position (\(layer.position.rawValue)); AUROC: the probability that an \
        object's cell is kept better than one beside it, 0.5 by chance; N_fg and N_bg: concepts at b = \
        \(NumberFormat.significant(Hypothesis.threshold, 2)) nats in cells of the \(recipe.analysis.grid)×\
        \(recipe.analysis.grid) grid; t½: share of the baseline's steps at half of the largest gap; ρ: share of all \
        concepts ever learned that are there at the end, ρ_floor: that of noise alone. Mean over seeds with 95 % \
        Student t interval.
        """, name: "networks\(suffix(layer))")
    let (raw, adjusted) = layer.whole
    var rows = [(name: "untrained", role: RoleName.baseline, isTrained: false)]
    rows += adjusted.roles.map { (name: title($0), role: $0, isTrained: true) }
    for row in rows {
      func seeds(_ study: ConceptStudy, _ value: (EntropySeries, Int) -> Double?) -> MarkdownText {
        cell(
          studentInterval(
            of: study.series(of: row.role).compactMap { run in
              value(run, row.isTrained ? run.epochs.count - 1 : 0)
            }, over: "seeds"))
      }
      func images(
        _ study: ConceptStudy, _ value: @escaping (EntropySeries, Int, Int, [Bool]) -> Double?
      ) -> MarkdownText {
        let masks = study.images.foreground
        return seeds(study) { run, position in
          mean(of: masks.indices.compactMap { value(run, $0, position, masks[$0]) })
        }
      }
      func count(_ part: @escaping (ConceptCount) -> Int) -> MarkdownText {
        images(adjusted) { run, image, position, mask in
          (try? run.conceptCount(of: image, at: position, foreground: mask, threshold: Hypothesis.threshold).get())
            .map { Double(part($0)) }
        }
      }
      func evidence(_ value: (NetworkEvidence) -> Double?) -> MarkdownText {
        guard row.isTrained, row.role != RoleName.teacher else { return "–" }
        return cell(
          studentInterval(
            of: adjusted.series(of: row.role).map(adjusted.evidence).compactMap(value), over: "seeds",
            within: QuantityRange.share))
      }
      let tests: [Estimate?] =
        row.isTrained ? testEstimates(row.role) : testColumns.dropFirst().map { _ in nil }
      let gap = { (run: EntropySeries, image: Int, position: Int, mask: [Bool]) -> Double? in
        try? run.gap(of: image, at: position, foreground: mask).get()
      }
      let order = { (run: EntropySeries, image: Int, position: Int, mask: [Bool]) -> Double? in
        try? run.characteristic(of: image, at: position, foreground: mask).get()
      }
      let kept: [MarkdownText] = [
        images(raw, gap), images(adjusted, gap), images(adjusted, order), count { $0.foreground },
        count { $0.background },
      ]
      let course: [MarkdownText] = [
        evidence { $0.halfTime }, evidence { $0.meanStability }, evidence { $0.meanFloor },
      ]
      let name: [MarkdownText] = ["\(row.name)"]
      let isCompared = row.isTrained && row.role != RoleName.teacher
      table.append(
        name + tests.map(cell) + kept + course,
        values: isCompared ? [nil] + tests.map { $0?.value } + (kept + course).map { _ in nil } : nil)
    }
    return table
  }

  /// How often the other ways of asking give the primary difference's sign.
  private func agreement(_ layer: LayerStudy) -> MarkdownText {
    let results = judged(layer)
    let clauses = results.compactMap { result -> MarkdownText? in
      guard let value = result.judgement.difference?.value, value != 0 else { return nil }
      let own = (value > 0) == (result.hypothesis.side == .larger) ? 1 : -1
      let settings = sides(layer).filter {
        $0.hypothesis == result.hypothesis && $0.student == result.student && $0.agreement != 0
      }
      guard !settings.isEmpty else { return nil }
      let student = students.count > 1 ? ", \(result.student)" : ""
      return
        "\(result.hypothesis.rawValue)\(student): same side in \(settings.count { $0.agreement == own }) of \(settings.count)"
    }
    guard !clauses.isEmpty else { return "No difference was measured in other ways." }
    return """
      Asked in other ways (thresholds, raw maps, ranks, counts: the table below), which decide nothing, the difference \
      lies on the side of the primary one as often as this. \(MarkdownText.list(clauses)).
      """
  }

  private func comparisons(_ layer: LayerStudy) -> ReportTable {
    var table = ReportTable(
      [
        .init("Hypothesis"), .init("Student"), .init("Quantity"), .init("Claimed"), .init("Student's", .right),
        .init("Baseline's", .right), .init("Difference, 95 % t", .right), .init("Seeds", .right),
        .init("Shows", .right), .init("p", .right), .init("p, Holm", .right), .init("Verdict"),
      ],
      caption: """
        Student − baseline, paired by seed, at \(code: layer.layer). The first row of each hypothesis decides it\
        \(layer.layer == primary?.layer ? "" : " at the first layer; here nothing does"); the others ask in other ways. \
        A number behind @ is the threshold b in nats; “raw” maps are as measured. Path and timing are the two parts of a \
        difference of D: the length of the weights' way, and when on an equal way. “Shows”: the smallest difference that \
        four of five such studies find.
        """, name: "comparisons\(suffix(layer))")
    func number(_ value: Double?, _ digits: Int = 3) -> MarkdownText {
      "\(value.map { NumberFormat.significant($0, digits) } ?? "–")"
    }
    for result in judged(layer) {
      let judgement = result.judgement
      let verdict: MarkdownText =
        layer.layer == primary?.layer ? "\(judgement.verdict.rawValue): \(judgement.reason)" : "–"
      table.append([
        "\(result.hypothesis.rawValue)", "\(result.student)", "\(result.hypothesis.quantity)",
        "\(result.hypothesis.side.rawValue)", number(result.studentValue), number(result.baselineValue),
        cell(judgement.difference), "\(result.pairs.count)", number(judgement.smallestEffect, 2),
        number(judgement.pValue, 2), number(judgement.holmP, 2), verdict,
      ])
      for side in sides(layer) where side.hypothesis == result.hypothesis && side.student == result.student {
        table.append([
          "", "", "\(side.quantity)", "\(side.side?.rawValue ?? "–")", number(side.studentValue),
          number(side.baselineValue), cell(side.difference), "\(side.difference?.count ?? 0)", "", "", "", "",
        ])
      }
    }
    return table
  }

  func cell(_ estimate: Estimate?) -> MarkdownText {
    MarkdownText(of: estimate)
  }
}

extension MarkdownText {
  /// An estimate with its interval as a table's cell; a dash where there is none.
  init(of estimate: Estimate?) { self = estimate.map { MarkdownText(plain: NumberFormat.estimate($0)) } ?? "–" }
}
