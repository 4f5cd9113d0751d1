import Analysis
import Reporting
import Statistics
import Support

extension ComparisonMaterial {
  /// Who is how often right, and what that says beside kd and baseline.
  var rankingTable: ReportTable {
    var table = ReportTable(
      [
        .init("Rank", .right), .init("Method"), .init("Student epochs", .right),
        .init("Test accuracy (%)", .right, best: .largest), .init("At best epoch (%)", .right, best: .largest),
        .init("− kd (points)", .right), .init("p", .right),
        .init("Beside kd"), .init("− baseline (points)", .right), .init("p", .right), .init("Beside baseline"),
      ],
      caption: """
        Ranked by mean test accuracy at the last epoch, over \(recipe.seeds.count) seeds with 95 % Student t interval. \
        Differences are paired by seed; every p (paired t) is Holm-corrected over the methods; the verdict is p at 0.05. \
        A rank is not a verdict. \(epochsExplanation)
        """, name: "ranking")
    for (place, role) in ranking.enumerated() {
      let (accuracy, best) = (estimate(.accuracy, role), estimate(.bestAccuracy, role))
      table.append(
        ["\(place + 1)", name(role), "\(epochsText(role))", cell(accuracy, scale: 100), cell(best, scale: 100)]
          + versus(toPlain[role], accuracies.toPlain[role]) + versus(toBaseline[role], accuracies.toBaseline[role]),
        values: [nil, nil, nil, accuracy?.value, best?.value] + Array(repeating: nil, count: 6))
    }
    return table
  }

  private func versus(_ comparison: AccuracyComparison?, _ answer: Answer?) -> [MarkdownText] {
    guard let comparison, let answer else { return ["–", "–", "–"] }
    let verdict = Self.words(answer)
    let p = answer.judgement.holmP ?? comparison.seedsP
    return [
      cell(comparison.bySeeds.difference, scale: 100), "\(p.map(probability) ?? "–")",
      verdict == .noDifferenceShown
        ? "\(verdict.rawValue)" : MarkdownText(markdown: "**\(verdict.rawValue)**"),
    ]
  }

  /// Everything else that networks are asked, and what it cost.
  var answerTable: ReportTable {
    let quantities = ComparedQuantity.allCases.filter { $0 != .accuracy && $0 != .bestAccuracy }
    var table = ReportTable(
      [.init("Method")] + quantities.map { .init("\($0.title)", .right, best: $0.best) },
      caption: """
        At the last epoch, on the test split: mean over \(recipe.seeds.count) seeds with 95 % Student t interval. KL \
        from teacher: KL(teacher ‖ student) at temperature 1. ECE in 15 bins of equal width. Time: steps of an epoch \
        without evaluation, median over epochs. Tensors at peak: weights, features, gradients, states of optimiser \
        and method.
        """, name: "answers")
    if let teacher {
      var cells: [MarkdownText] = ["teacher"]
      for quantity in quantities {
        switch quantity {
        case .calibrationError: cells.append("\(NumberFormat.fixed(100 * teacher.calibration.expectedError, 2))")
        case .loss: cells.append("\(NumberFormat.significant(teacher.loss, 3))")
        default: cells.append("–")
        }
      }
      table.append(cells)
    }
    for role in ranking {
      let estimates = quantities.map { estimate($0, role) }
      table.append(
        [name(role)]
          + zip(quantities, estimates).map { quantity, estimate in
            // The same for every seed, as a rule.
            quantity == .peakBytes
              ? "\(estimate.map { NumberFormat.fixed($0.value * quantity.scale, 1) } ?? "–")"
              : cell(estimate, scale: quantity.scale)
          },
        values: [nil] + estimates.map { $0?.value })
    }
    return table
  }

  func name(_ role: String) -> MarkdownText {
    role == RoleName.baseline || role == Recipe.plainMethod ? "**\(title(role))**" : "\(title(role))"
  }

  func cell(_ estimate: Estimate?, scale: Double = 1) -> MarkdownText {
    estimate.map { MarkdownText(plain: NumberFormat.estimate($0, scale: scale)) } ?? "–"
  }

  private func probability(_ p: Double) -> String { p < 0.0001 ? "< 0.0001" : NumberFormat.significant(p, 2) }
}
