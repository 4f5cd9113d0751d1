import Analysis
import Plotting
import Reporting
import Statistics
import Support

extension ComparisonMaterial {
  /// All figures behind the first screen.
  var pictures: [ReportPicture] {
    let seeds = recipe.seeds.count
    let shown: MarkdownText =
      """
      Diamond: baseline; square: \(code: Recipe.plainMethod); triangle up: shown better than it, triangle down: shown \
      worse; cross: open; circle: not testable.
      """
    return [
      ReportPicture(
        name: "accuracy", figure: accuracyFigure,
        alternative: "Test accuracy of every method with intervals, and its difference from kd",
        caption: """
          Left: test accuracy at the last epoch, mean over \(seeds) seeds with 95 % Student t interval; the line is \
          plain kd. Right: the difference from kd, paired by seed, before correction. \(shown)
          """),
      ReportPicture(
        name: "fidelity", figure: fidelityFigure,
        alternative: "Test accuracy against agreement with the teacher, one labelled point per method",
        caption: """
          Are students that agree with the teacher more often also more accurate? Each point is a method, \
          mean over \(seeds) seeds; the dashed lines are plain kd. The symbols are those of accuracy beside it: \(shown)
          """),
      ReportPicture(
        name: "answers", figure: answerFigure,
        alternative: "Best-epoch accuracy, fidelity, calibration, time and memory of every method with intervals",
        caption: """
          The other numbers of the networks, in the order of the ranking, with 95 % Student t interval over \(seeds) \
          seeds; the line is plain kd. Diamond: baseline; square: \(code: Recipe.plainMethod). Nothing is tested here.
          """),
    ] + studies.map(conceptPicture)
  }

  private func conceptPicture(_ layer: LayerStudy) -> ReportPicture {
    let symbols: MarkdownText =
      layer.name == primary?.name
      ? """
       Triangle up: the panel's claim is supported, triangle down: contradicted, cross: open, circle: not testable.
      """ : ""
    return ReportPicture(
      name: "concepts-\(layer.name)", figure: conceptFigure(layer),
      alternative: "\(concepts(layer).map(\.symbol).joined(separator: ", ")) of every method with intervals",
      caption: """
        What is kept of the object at \(code: layer.layer), in the order of the ranking, with 95 % intervals as in the \
        table; the line is the baseline, a diamond. Beside each symbol, the side on which Cheng et al. claim a distilled \
        student to be.\(symbols)
        """)
  }

  /// A method where nothing is judged.
  private func plainLook(_ role: String) -> Look {
    switch role {
    case RoleName.baseline: RoleLook.baseline
    case Recipe.plainMethod: Look(color: Color(hex: 0x0173B2), marker: .square)
    default: Verdict.notTestable.look
    }
  }

  /// A method by what is shown of its accuracy beside kd's.
  private func accuracyLook(_ role: String) -> Look {
    accuracies.toPlain[role]?.judgement.verdict.look ?? plainLook(role)
  }

  /// A method by what is said of a hypothesis beside the baseline.
  private func look(_ role: String, _ hypothesis: Hypothesis, at layer: LayerStudy) -> Look {
    guard role != RoleName.baseline, layer.name == primary?.name else { return plainLook(role) }
    return verdict(hypothesis, role)?.look ?? plainLook(role)
  }

  /// One row per method in the order of the ranking.
  private func panel(
    _ title: String?, _ axis: String, reference: Double?, _ roles: [String], scale: Double = 1,
    _ look: (String) -> Look, _ estimate: (String) -> Estimate?
  ) -> Panel {
    let rows = roles.map { Intervals.Row(self.title($0), estimate($0), scale: scale, look: look($0)) }
    return .chart(
      Chart(
        title: title, x: Axis(axis), y: Axis(""),
        marks: [
          .intervals(Intervals(rows: rows, look: Verdict.notTestable.look, reference: reference.map { $0 * scale }))
        ]))
  }

  /// Room for one line of text per row.
  private func height(_ roles: [String]) -> Double { 18 + 4.2 * Double(roles.count) }

  var accuracyFigure: Figure {
    let plain = estimate(.accuracy, Recipe.plainMethod)?.value
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          panel(
            "at the last epoch", ComparedQuantity.accuracy.title, reference: plain, ranking, scale: 100, accuracyLook
          ) {
            estimate(.accuracy, $0)
          },
          panel("difference from kd", "test accuracy − kd's / points", reference: 0, ranking, scale: 100, accuracyLook)
          { role in
            guard role != RoleName.baseline else {
              return toBaseline[Recipe.plainMethod].map { -$0.bySeeds.difference }
            }
            return toPlain[role]?.bySeeds.difference
          },
        ]
      ], rowHeight: height(ranking), showsLegend: false)
  }

  var answerFigure: Figure {
    let quantities = ComparedQuantity.allCases.filter { $0 != .accuracy && $0 != .seconds }
    let panels = quantities.map { quantity in
      panel(
        nil, quantity.title, reference: estimate(quantity, Recipe.plainMethod)?.value, ranking, scale: quantity.scale,
        plainLook
      ) { estimate(quantity, $0) }
    }
    return figure(panels, ranking)
  }

  func conceptFigure(_ layer: LayerStudy) -> Figure {
    let roles = ranking.filter { layer.study.roles.contains($0) }
    let panels = concepts(layer).map { concept in
      panel(nil, concept.title, reference: concept.estimate(RoleName.baseline)?.value, roles) {
        look($0, concept.hypothesis, at: layer)
      } _: {
        concept.estimate($0)
      }
    }
    return figure(panels, roles)
  }

  private func figure(_ panels: [Panel], _ roles: [String]) -> Figure {
    Figure(
      width: Figure.twoColumns, panels: Panel.rows(panels, columns: 3), rowHeight: height(roles), showsLegend: false)
  }

  var fidelityFigure: Figure {
    var marks: [Mark] = []
    if let x = estimate(.agreement, Recipe.plainMethod)?.value, let y = estimate(.accuracy, Recipe.plainMethod)?.value {
      marks = [.verticalRule(100 * x), .horizontalRule(100 * y)]
    }
    for role in ranking {
      guard let x = estimate(.agreement, role), let y = estimate(.accuracy, role) else { continue }
      marks.append(
        .points(
          Points(nil, points: [Point(100 * x.value, 100 * y.value)], look: accuracyLook(role), label: title(role))))
    }
    return Figure(
      width: Figure.twoColumns,
      panels: [
        [
          .chart(
            Chart(
              x: Axis(ComparedQuantity.agreement.title), y: Axis(ComparedQuantity.accuracy.title), marks: marks))
        ]
      ], rowHeight: 100, showsLegend: false)
  }
}

/// The difference the other way round.
private prefix func - (_ estimate: Estimate) -> Estimate {
  Estimate(
    -estimate.value, lower: estimate.upper.map { -$0 }, upper: estimate.lower.map { -$0 }, count: estimate.count,
    method: estimate.method)
}

extension Verdict {
  /// How figures of many methods mark it, told apart in shape as in colour.
  var look: Look {
    switch self {
    case .supported: Look(color: Color(hex: 0x029E73), marker: .triangleUp)
    case .contradicted: Look(color: Color(hex: 0xCC78BC), marker: .triangleDown)
    case .inconclusive: Look(color: Color(hex: 0x4D4D4D), marker: .cross)
    case .notTestable: Look(color: Color(hex: 0x4D4D4D), marker: .circle)
    }
  }
}
