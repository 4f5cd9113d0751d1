import Reporting
import Statistics
import Support

extension LessonMaterial {
  /// Who teaches a network, in words; empty for nobody.
  func teaching(_ role: String) -> String {
    guard let learner = recipe.taught(role), learner.asksAnybody else { return "" }
    let by = learner.lesson?.by ?? RoleName.teacher
    return by + (learner.lesson?.epoch.map { " at epoch \($0)" } ?? "")
  }

  /// How a network learns, in words.
  private func loss(_ role: String) -> String {
    guard let learner = recipe.taught(role) else { return "labels" }
    let terms = learner.terms.filter { $0.weight > 0 }.map { term in
      let shown = ["temperature", "smoothing"].compactMap { key in
        term.options.values[key].map { "\(key) \($0.description)" }
      }
      return "\(NumberFormat.significant(term.weight, 3)) · \(term.method)"
        + (shown.isEmpty ? "" : " (\(shown.joined(separator: ", ")))")
    }
    let labels = learner.labelWeight > 0 ? ["\(NumberFormat.significant(learner.labelWeight, 3)) · labels"] : []
    return terms.isEmpty ? "labels" : (labels + terms).joined(separator: " + ")
  }

  /// The networks that are trained, a row each.
  ///
  /// - Throws: as ``parameters(_:)``.
  func armTable() throws -> ReportTable {
    var table = ReportTable(
      [.init("Arm"), .init("Network"), .init("Parameters", .right), .init("Taught by"), .init("Learns from")],
      caption: "The arms, one network of each for every seed.", name: "arms")
    for role in roles {
      let teacher = teaching(role)
      table.append([
        MarkdownText(code: role), MarkdownText(plain: recipe.model(of: role).name), "\(try parameters(role))",
        teacher.isEmpty ? "–" : MarkdownText(code: teacher), MarkdownText(plain: loss(role)),
      ])
    }
    return table
  }

  /// Quantities of arms, mean over seeds with interval.
  func valueTable(_ quantities: [LessonQuantity], _ roles: [String], name: String = "values") -> ReportTable {
    var table = ReportTable(
      [.init("Arm")] + quantities.map { .init("\($0.title)", .right) },
      caption: "Mean over \(seeds.count) seeds with 95 % Student t interval.", name: name)
    for role in roles {
      table.append(
        [MarkdownText(code: role)]
          + quantities.map { quantity in
            estimate(quantity, role).map { "\(NumberFormat.estimate($0, scale: quantity.scale))" } ?? "–"
          })
    }
    return table
  }

  /// Whether a teacher is itself better than a network that it is compared with: what is said of large teachers is said of
  /// good ones only then.
  func ownLead(_ teacher: String, over other: String) -> Block {
    let lead = studentInterval(of: differences(.accuracy, teacher, other), over: "seeds")
    let shown = lead.map { "\(NumberFormat.estimate($0, scale: 100)) points" } ?? "not known"
    return .paragraph(
      """
      The networks that teach, by themselves: \(code: teacher) minus \(code: other) in test accuracy is \(shown). Only where \
      this is well above 0 is a larger teacher a better one, too; teachers differ in size and in quality at once, and \
      their students do not tell which of the two counts.
      """)
  }

  /// One row per network.
  var networkTable: Table {
    var table = Table(
      [
        .init("arm", .text, "Name of the arm."), .init("model", .text, "What the network is."),
        .init("taught_by", .text, "Which network of the run taught it; empty for labels alone."),
        .init("seed", .integer, "Training seed."),
      ] + LessonQuantity.allCases.map { .init($0.rawValue, .number, $0.summary) })
    for role in roles {
      for seed in seeds where answers(role, seed: seed) != nil {
        table.append(
          [.text(role), .text(recipe.model(of: role).name), .text(teaching(role)), .integer(seed)]
            + LessonQuantity.allCases.map { Cell(value($0, role, seed: seed)) })
      }
    }
    return table
  }

  /// One row per planned comparison and seed: what a class's pages are made from.
  func seedTable(_ claims: [LessonClaim]) -> Table {
    var table = Table(LessonTables.seedColumns)
    for claim in claims {
      for seed in seeds {
        let (own, other) = (
          value(claim.quantity, claim.role, seed: seed), value(claim.quantity, claim.reference, seed: seed)
        )
        table.append([
          .text(claim.name), .text(claim.quantity.rawValue), .text(claim.role), .text(claim.reference), .integer(seed),
          Cell(own), Cell(other), Cell(own.flatMap { own in other.map { own - $0 } }),
        ])
      }
    }
    return table
  }
}

/// Tables that several lessons have alike.
package enum LessonTables {
  static let claim: [Table.Column] = [
    .init("claim", .text, "Name of the planned comparison."),
    .init("quantity", .text, "A column of networks.csv."), .init("arm", .text, "The arm that is placed."),
    .init("reference", .text, "The arm that it is held against."),
  ]

  package static let seedColumns: [Table.Column] =
    claim + [
      .init("seed", .integer, "Training seed."), .init("arm_value", .number, "The quantity of the arm."),
      .init("reference_value", .number, "The quantity of the reference."),
      .init("difference", .number, "Arm minus reference, of one seed."),
    ]

  /// One row per planned comparison.
  static func findings(_ findings: [LessonFinding]) -> Table {
    var table = Table(
      claim + [
        .init("side", .text, "Where the claim places the arm: larger or smaller."),
        .init("seeds", .integer, "Pairs."), .init("difference", .number, "Mean of arm minus reference."),
        .init("lower", .number, "Lower end of its 95 % Student t interval, not corrected."),
        .init("upper", .number, "Upper end of it."), .init("p", .number, "Paired t test, not corrected."),
        .init("holm_p", .number, "The same, corrected for all planned comparisons."),
        .init("verdict", .text, "supported, contradicted, inconclusive or not testable, by holm_p at 0.05."),
        .init("smallest_effect", .number, "Difference that such a study shows with 80 % chance."),
      ])
    for finding in findings {
      let (claim, judged) = (finding.claim, finding.judgement)
      table.append([
        .text(claim.name), .text(claim.quantity.rawValue), .text(claim.role), .text(claim.reference),
        .text(claim.side.rawValue), Cell(judged.difference?.count), Cell(judged.difference?.value),
        Cell(judged.difference?.lower), Cell(judged.difference?.upper), Cell(judged.pValue), Cell(judged.holmP),
        .text(judged.verdict.rawValue), Cell(judged.smallestEffect),
      ])
    }
    return table
  }
}
