import Statistics

/// The tidy tables of a concept study: columns first, so that a stored table can be read back with its units.
public enum ConceptTables {
  static let run: [Table.Column] = [
    Table.Column("role", .text, "Which network: teacher, baseline, student or the name of one of several students."),
    Table.Column("seed", .integer, "Training seed of the network."),
  ]
  static let epoch = Table.Column("epoch", .moment, unit: "epochs", "Stored epoch; 0 is the initialisation.")
  static let image = Table.Column("image", .integer, "Index of the probe image in its data set.")
  static let threshold = Table.Column(
    "threshold", .number, unit: "nats", "Threshold b: a cell is a concept where mean background entropy - H_i > b.")
  static let leftOut = Table.Column(
    "left_out", .text, "Why the image has no value here and is left out of means; empty where it counts.")

  /// Columns of ``ConceptStudy/mapTable``.
  public static let mapColumns =
    run + [
      epoch, image,
      Table.Column("foreground_entropy", .number, unit: "nats", "Mean entropy of the foreground cells."),
      Table.Column("background_entropy", .number, unit: "nats", "Mean entropy of the background cells."),
      Table.Column("premise", .integer, "1 where the background entropy is above the foreground entropy, else 0."),
      Table.Column("distortion", .number, "Distortion that the solver reached, in variances of the feature."),
      Table.Column("log_distortion_error", .number, "|ln(reached / wanted distortion)|."),
      Table.Column("log_distortion_standard_error", .number, "Monte-Carlo standard error of ln(reached distortion)."),
      Table.Column("largest_residual", .number, "Largest |ln G_i - mean ln G| over the cells off their bounds."),
      Table.Column("residual_spread", .number, "Standard deviation of ln G_i over the cells off their bounds."),
      leftOut,
    ]

  /// Columns of ``ConceptStudy/countTable``.
  public static let countColumns =
    run + [
      epoch, image, threshold,
      Table.Column("foreground_concepts", .integer, unit: "cells", "N_fg: concepts on the object."),
      Table.Column("background_concepts", .integer, unit: "cells", "N_bg: concepts on the background."),
      Table.Column("foreground_cells", .integer, unit: "cells", "Size of the foreground."),
      Table.Column("background_cells", .integer, unit: "cells", "Size of the background."),
      Table.Column("lambda", .number, "N_fg / (N_fg + N_bg); empty for an image without concepts."),
      leftOut,
    ]

  /// Columns of ``ConceptStudy/learningTable``.
  public static let learningColumns =
    run + [
      image, threshold,
      Table.Column("learning_epoch", .moment, unit: "epochs", "First epoch with the most foreground concepts."),
      Table.Column("concepts", .integer, unit: "cells", "N_fg at that epoch."),
      Table.Column("distance", .number, "Weight distance by then: sum over epochs of |w_j - w_(j-1)| / |w_0|."),
      Table.Column("distance_share", .number, "The same as a share of the run's whole weight distance."),
      Table.Column("step_distance", .number, "The same distance summed over optimiser steps; empty where not kept."),
      leftOut,
    ]

  /// Columns of ``ConceptStudy/stabilityTable``.
  public static let stabilityColumns =
    run + [
      image, threshold,
      Table.Column(
        "measurement", .text, "epochs: over training; noise-floor: the last checkpoint measured again and again."),
      Table.Column("last", .integer, unit: "cells", "Foreground concepts of the last map."),
      Table.Column("union", .integer, unit: "cells", "Cells that are foreground concepts in any map."),
      Table.Column("rho", .number, "last / union."),
      leftOut,
    ]
}

extension ConceptStudy {
  /// One row per network, seed, epoch and image: mean entropies, premise, the solver's residuals.
  public var mapTable: Table {
    var table = Table(ConceptTables.mapColumns)
    for run in series {
      for (position, epoch) in run.epochs.enumerated() {
        for (image, map) in run.maps[position].enumerated() {
          let means = run.regionEntropies(of: image, at: position, foreground: images.foreground[image])
          let found = try? means.get()
          table.append([
            .text(run.role), .integer(run.seed), Cell(epoch), .integer(images.indices[image]),
            Cell(found?.foreground), Cell(found?.background), Cell(found.map { $0.meetsPremise ? 1 : 0 }),
            .number(map.distortion), .number(map.logDistortionError), Cell(map.distortionError),
            Cell(map.largestResidual), Cell(map.residualSpread), Cell(means.omission?.rawValue),
          ])
        }
      }
    }
    return table
  }

  /// One row per network, seed, epoch, image and threshold: concept counts.
  public var countTable: Table {
    var table = Table(ConceptTables.countColumns)
    for run in series {
      for (position, epoch) in run.epochs.enumerated() {
        for image in 0..<images.count {
          for threshold in thresholds {
            let counted = run.conceptCount(
              of: image, at: position, foreground: images.foreground[image], threshold: threshold)
            let count = try? counted.get()
            table.append([
              .text(run.role), .integer(run.seed), Cell(epoch), .integer(images.indices[image]),
              .number(threshold), Cell(count?.foreground), Cell(count?.background), Cell(count?.foregroundCells),
              Cell(count?.backgroundCells), Cell(count?.share), Cell(counted.omission?.rawValue),
            ])
          }
        }
      }
    }
    return table
  }

  /// One row per network, seed, image and threshold: when its concepts were learned.
  public var learningTable: Table {
    var table = Table(ConceptTables.learningColumns)
    forEachRunImageThreshold { run, image, threshold in
      let learned = learningMoment(
        of: image, in: run, foreground: images.foreground[image], threshold: threshold)
      let moment = try? learned.get()
      table.append([
        .text(run.role), .integer(run.seed), .integer(images.indices[image]), .number(threshold),
        Cell(moment?.epoch), Cell(moment?.concepts), Cell(moment?.distance), Cell(moment?.distanceShare),
        Cell(moment?.stepDistance), Cell(learned.omission?.rawValue),
      ])
    }
    return table
  }

  /// One row per network, seed, image, threshold and measurement: how much of what was learned stayed.
  public var stabilityTable: Table {
    var table = Table(ConceptTables.stabilityColumns)
    forEachRunImageThreshold { run, image, threshold in
      let foreground = images.foreground[image]
      let epochs = run.stability(of: image, foreground: foreground, threshold: threshold, firstEpoch: firstEpoch)
      let floor = run.noiseFloor(of: image, foreground: foreground, threshold: threshold)
      for (name, measured) in [("epochs", epochs), ("noise-floor", floor)] {
        guard let measured else { continue }
        let counts = try? measured.get()
        table.append([
          .text(run.role), .integer(run.seed), .integer(images.indices[image]), .number(threshold), .text(name),
          Cell(counts?.last), Cell(counts?.union), Cell(counts?.ratio), Cell(measured.omission?.rawValue),
        ])
      }
    }
    return table
  }

  private func forEachRunImageThreshold(_ body: (EntropySeries, Int, Double) -> Void) {
    for run in series {
      for image in 0..<images.count {
        for threshold in thresholds { body(run, image, threshold) }
      }
    }
  }
}

extension Result where Failure == Omission {
  /// The reason of a failure.
  var omission: Omission? { if case .failure(let reason) = self { reason } else { nil } }
}
