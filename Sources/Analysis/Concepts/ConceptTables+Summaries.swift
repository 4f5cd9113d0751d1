import Statistics
import Support

extension ConceptTables {
  static let quantity = [
    Table.Column("quantity", .text, "Which quantity; see symbol."),
    Table.Column("symbol", .text, "The quantity's symbol in Cheng et al. (CVPR 2020)."),
  ]
  static let interval = [
    Table.Column(
      "lower", .number, "Lower end of the interval (see method), in the value's unit; empty where there is none."),
    Table.Column(
      "upper", .number, "Upper end of the interval (see method), in the value's unit; empty where there is none."),
  ]
  static let counts = [
    Table.Column("seeds", .integer, "Training seeds behind the value."),
    Table.Column("images", .integer, "Images behind the value, summed over seeds."),
    Table.Column("left_out", .integer, "Images left out, summed over seeds."),
    Table.Column("left_out_reasons", .text, "How many images were left out for which reason."),
  ]
  static let method = Table.Column("method", .text, "How the interval was found.")

  /// Columns of ``ConceptStudy/summaryTable``.
  public static let summaryColumns =
    [
      run[0],
      Table.Column("seed", .integer, "Training seed; empty for the mean over all seeds of the role."),
      threshold,
    ] + quantity + [
      Table.Column("value", .number, "The quantity over images, mean over seeds; cells for counts, else a ratio.")
    ] + interval + counts + [method]

  /// Columns of ``ConceptStudy/curveTable``.
  public static let curveColumns =
    [run[0], epoch, threshold] + quantity + [
      Table.Column("value", .number, "The quantity over images, mean over seeds; cells for counts, else a ratio.")
    ] + interval + counts + [method]

  /// Columns of ``ConceptStudy/premiseTable``.
  public static let premiseColumns =
    run + [
      epoch,
      Table.Column("images", .integer, "Images in which the premise could be checked."),
      Table.Column("holding", .integer, "Images whose mean background entropy is above their foreground entropy."),
      Table.Column("share", .number, "holding / images."),
      Table.Column("foreground_entropy", .number, unit: "nats", "Mean foreground entropy over images."),
      Table.Column("background_entropy", .number, unit: "nats", "Mean background entropy over images."),
      Table.Column("left_out", .integer, "Images left out."), counts[3],
    ]

  /// Columns of ``ConceptStudy/distanceTable``.
  public static let distanceColumns =
    run + [
      epoch,
      Table.Column("distance", .number, "Weight distance so far: sum over epochs of |w_j - w_(j-1)| / |w_0|."),
      Table.Column("step_distance", .number, "The same summed over optimiser steps; empty where not kept."),
    ]
}

extension ConceptStudy {
  /// One row per network, threshold and quantity, for each seed alone (interval over images) and for all together.
  public var summaryTable: Table {
    var table = Table(ConceptTables.summaryColumns)
    for role in roles {
      let runs = series(of: role)
      let scopes = runs.map { (Int?.some($0.seed), [$0]) } + (runs.count > 1 ? [(nil, runs)] : [])
      for (seed, runs) in scopes {
        for threshold in thresholds {
          for quantity in ConceptQuantity.allCases {
            guard let summary = summary(of: quantity, over: runs, threshold: threshold) else { continue }
            table.append([.text(role), Cell(seed), .number(threshold)] + summary.cells)
          }
        }
      }
    }
    return table
  }

  /// One row per role, epoch, threshold and quantity of counts: the curves over training.
  public var curveTable: Table {
    let quantities: [ConceptQuantity] = [
      .foregroundConcepts, .backgroundConcepts, .foregroundFraction, .backgroundFraction, .conceptShare,
    ]
    var table = Table(ConceptTables.curveColumns)
    for role in roles {
      let runs = series(of: role)
      for epoch in Set(runs.flatMap(\.epochs)).sorted() {
        for threshold in thresholds {
          for quantity in quantities {
            guard let summary = summary(of: quantity, over: runs, atEpoch: epoch, threshold: threshold) else {
              continue
            }
            table.append([.text(role), Cell(epoch), .number(threshold)] + summary.cells)
          }
        }
      }
    }
    return table
  }

  /// One row per network, seed and epoch: in how many images the premise holds.
  public var premiseTable: Table {
    var table = Table(ConceptTables.premiseColumns)
    for run in series {
      for (position, epoch) in run.epochs.enumerated() {
        let premise = premise(in: run, at: position)
        table.append([
          .text(run.role), .integer(run.seed), Cell(epoch), .integer(premise.images), .integer(premise.holding),
          Cell(premise.share), Cell(premise.foregroundEntropy), Cell(premise.backgroundEntropy),
          .integer(premise.leftOut.total), premise.leftOut.cell,
        ])
      }
    }
    return table
  }

  /// One row per network, seed and epoch: how far the weights went.
  public var distanceTable: Table {
    var table = Table(ConceptTables.distanceColumns)
    for run in series {
      for (position, epoch) in run.epochs.enumerated() {
        table.append([
          .text(run.role), .integer(run.seed), Cell(epoch), .number(run.distances[position]),
          Cell(run.stepDistances?[position]),
        ])
      }
    }
    return table
  }
}

extension ConceptSummary {
  /// The cells from `quantity` to `method`, as both summary tables have them.
  var cells: [Cell] {
    [
      .text(quantity.rawValue), .text(quantity.symbol), Cell(estimate?.value), Cell(estimate?.lower),
      Cell(estimate?.upper), .integer(seeds), .integer(images), .integer(leftOut.total), leftOut.cell,
      Cell(estimate?.method),
    ]
  }
}

extension Omissions {
  /// The reasons as a cell, empty where nothing was left out.
  fileprivate var cell: Cell { total == 0 ? .empty : .text(summary) }
}
