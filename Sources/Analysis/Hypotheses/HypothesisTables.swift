import Statistics

/// The tidy tables of the hypotheses.
public enum HypothesisTables {
  /// Columns of ``results(_:_:)``.
  public static let columns = [
    Table.Column("hypothesis", .text, "H1, H2 or H3 of Cheng et al. (CVPR 2020)."),
    Table.Column("student", .text, "Role of the distilled network, which is compared with the baseline."),
    Table.Column("quantity", .text, "Which quantity; a threshold b in nats stands behind @."),
    Table.Column("primary", .integer, "1 for the one quantity that decides the hypothesis, else 0."),
    Table.Column("expected", .text, "Side on which the student is claimed to be; empty for parts of quantities."),
    Table.Column("student_value", .number, "The student's value, mean over seeds; nats for gaps, cells for concepts."),
    Table.Column("baseline_value", .number, "The baseline's value, mean over seeds."),
    Table.Column("difference", .number, "Student - baseline, paired by seed."),
    Table.Column("lower", .number, "Lower end of the 95 % Student t interval over seeds, not corrected."),
    Table.Column("upper", .number, "Upper end of the 95 % Student t interval over seeds, not corrected."),
    Table.Column("seeds", .integer, unit: "seeds", "Seeds that have a value in both networks."),
    Table.Column("smallest_effect", .number, "Smallest difference that is found in 80 % of such studies."),
    Table.Column("p", .number, "p of Student's paired t test over seeds; empty where nothing is tested."),
    Table.Column("p_holm", .number, "The same, Holm-corrected for all students of the report; it decides."),
    Table.Column("verdict", .text, "supported, contradicted, inconclusive or not testable; primary quantities only."),
    Table.Column("reason", .text, "Why, in a clause."),
  ]

  /// One row per hypothesis, student and quantity.
  ///
  /// - Parameters:
  ///   - results: on the primary quantities.
  ///   - sides: the numbers beside them.
  ///   - decides: whether the layer is the one that decides; at others no quantity is primary.
  /// - Returns: hypothesis by hypothesis and student by student, the primary quantity first.
  public static func results(
    _ results: [HypothesisResult], _ sides: [SideComparison], decides: Bool = true
  ) -> Table {
    var table = Table(columns)
    for result in results {
      let judgement = result.judgement
      let values: [Cell] = [
        .text(result.hypothesis.rawValue), .text(result.student), .text(result.hypothesis.quantity),
        .integer(decides ? 1 : 0), .text(result.hypothesis.side.rawValue), Cell(result.studentValue),
        Cell(result.baselineValue),
      ]
      let difference: [Cell] = [
        Cell(judgement.difference?.value), Cell(judgement.difference?.lower), Cell(judgement.difference?.upper),
        .integer(result.pairs.count), Cell(judgement.smallestEffect), Cell(judgement.pValue), Cell(judgement.holmP),
      ]
      let words: [Cell] =
        decides ? [.text(judgement.verdict.rawValue), .text(judgement.reason)] : [.empty, .empty]
      table.append(values + difference + words)
      for side in sides where side.hypothesis == result.hypothesis && side.student == result.student {
        let values: [Cell] = [
          .text(side.hypothesis.rawValue), .text(side.student), .text(side.quantity), .integer(0),
          Cell(side.side?.rawValue), Cell(side.studentValue), Cell(side.baselineValue), Cell(side.difference?.value),
          Cell(side.difference?.lower), Cell(side.difference?.upper), .integer(side.difference?.count ?? 0),
        ]
        table.append(values + Array(repeating: .empty, count: 5))
      }
    }
    return table
  }

  /// Columns of the table of gaps.
  public static let gapColumns =
    ConceptTables.run + [
      ConceptTables.epoch, ConceptTables.image,
      Table.Column("position", .text, "How position was removed: background, scrambled, fit or none."),
      Table.Column("gap_raw", .number, unit: "nats", "Mean entropy of background - of object cells, as measured."),
      Table.Column("gap", .number, unit: "nats", "The same without what the cells' position alone decides."),
      Table.Column("auroc", .number, "Probability that an object cell has the smaller adjusted entropy; 0.5: chance."),
      Table.Column("foreground_concepts", .integer, unit: "cells", "Object cells that are concepts, position removed."),
      Table.Column("background_concepts", .integer, unit: "cells", "Other cells that are concepts, position removed."),
      ConceptTables.threshold,
    ]

  /// One row per network, seed, epoch and image: what is kept of the object, with position and without.
  ///
  /// - Parameters:
  ///   - raw: the study of maps as they were measured.
  ///   - adjusted: the study of the same maps without position.
  ///   - correction: how it was removed.
  /// - Returns: numbers that an image does not have are empty.
  public static func gaps(raw: ConceptStudy, adjusted: ConceptStudy, position correction: PositionCorrection) -> Table {
    var table = Table(gapColumns)
    for (measured, run) in zip(raw.series, adjusted.series) {
      for (position, epoch) in run.epochs.enumerated() {
        for (image, mask) in raw.images.foreground.enumerated() {
          let count = try? run.conceptCount(
            of: image, at: position, foreground: mask, threshold: Hypothesis.threshold
          ).get()
          table.append([
            .text(run.role), .integer(run.seed), Cell(epoch), .integer(raw.images.indices[image]),
            .text(correction.rawValue), Cell(try? measured.gap(of: image, at: position, foreground: mask).get()),
            Cell(try? run.gap(of: image, at: position, foreground: mask).get()),
            Cell(try? run.characteristic(of: image, at: position, foreground: mask).get()), Cell(count?.foreground),
            Cell(count?.background), .number(Hypothesis.threshold),
          ])
        }
      }
    }
    return table
  }
}
