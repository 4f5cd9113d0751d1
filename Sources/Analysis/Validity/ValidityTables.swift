import Statistics

/// The tidy tables of a validity study.
public enum ValidityTables {
  static let network: [Table.Column] = [
    Table.Column("network", .text, "Which network: untrained, half-trained, trained, shuffled labels."),
    Table.Column("layer", .text, "Layer whose feature was measured."),
  ]
  static let seed = Table.Column("seed", .integer, "Training seed of the network.")
  static let region = Table.Column("region", .text, "informative part, other parts or background.")
  static let interval: [Table.Column] = [
    Table.Column("value", .number, "Mean over seeds and images."),
    Table.Column("lower", .number, "Lower end of the 95 % two-level bootstrap interval over seeds and images."),
    Table.Column("upper", .number, "Upper end of the 95 % two-level bootstrap interval over seeds and images."),
    Table.Column("seeds_lower", .number, "Lower end of the 95 % Student t interval over the seeds' own means."),
    Table.Column("seeds_upper", .number, "Upper end of the 95 % Student t interval over the seeds' own means."),
    Table.Column("seeds", .integer, unit: "seeds", "Seeds with a value."),
    Table.Column("images", .integer, unit: "images", "Images with a value, summed over seeds."),
    Table.Column("left_out", .integer, unit: "images", "Images without, summed over seeds."),
  ]

  /// Columns of ``ValidityStudy/imageTable``.
  public static let imageColumns =
    network + [seed, ConceptTables.image]
    + ValidityScores.Measure.allCases.flatMap { measure in
      [
        Table.Column(measure.key, .number, "\(measure.rawValue) of -H_i against the informative part."),
        Table.Column("\(measure.key)_chance", .number, "The same for a random order of the cells."),
      ]
    } + [
      Table.Column("informative_cells", .integer, unit: "cells", "Cells that show the informative part."),
      Table.Column("other_part_cells", .integer, unit: "cells", "Cells that show other parts of the object."),
      Table.Column("background_cells", .integer, unit: "cells", "Cells that show the background."),
      Table.Column("converged", .integer, "1 where the map reached its distortion; others enter no mean."),
    ]

  /// Columns of ``ValidityStudy/scoreTable``.
  public static let scoreColumns =
    network + [Table.Column("measure", .text, "Which number, and whether it is the network's or chance.")] + interval

  /// Columns of ``ValidityStudy/comparisonTable(_:)``.
  public static let comparisonColumns =
    [
      Table.Column("layer", .text, "Layer whose feature was measured."),
      Table.Column("measure", .text, "Which number."),
      Table.Column("rival", .text, "What the trained network is compared with."),
    ] + interval + [Table.Column("verdict", .text, "beats, does not beat or inconclusive.")]

  /// Columns of ``ValidityStudy/placeTable``.
  public static let placeColumns =
    network + [
      ConceptTables.threshold, region,
      Table.Column("quantity", .text, "share: of the concepts; chance: of the cells; recall: of the region's cells."),
    ] + interval

  /// Columns of ``robustnessTable(_:study:)``.
  public static let robustnessColumns =
    [
      Table.Column("factor", .text, "What was changed."), Table.Column("change", .text, "To what."),
    ] + interval

  /// One row per check.
  public static func robustnessTable(_ checks: [RobustnessCheck], study: ValidityStudy) -> Table {
    var table = Table(robustnessColumns)
    for check in checks {
      table.append([.text(check.factor), .text(check.change)] + study.estimate(check.correlations).cells)
    }
    return table
  }
}

extension ValidityEstimate {
  /// The cells of ``ValidityTables/interval``.
  var cells: [Cell] {
    [
      Cell(estimate?.value), Cell(estimate?.lower), Cell(estimate?.upper), Cell(overSeeds?.lower),
      Cell(overSeeds?.upper), .integer(seeds), .integer(images), .integer(leftOut),
    ]
  }
}

extension ValidityStudy {
  /// One row per network, layer, seed and image: every number without a threshold.
  public var imageTable: Table {
    var table = Table(ValidityTables.imageColumns)
    for run in runs {
      for (image, map) in run.maps.enumerated() {
        let numbers = ValidityScores.Measure.allCases.flatMap { measure in
          [Cell(map.isUsable ? measure.value(map, cells[image]) : nil), Cell(measure.chance(cells[image]))]
        }
        table.append(
          [.text(run.network), .text(run.layer), .integer(run.seed), .integer(images[image])] + numbers
            + PartRegion.allCases.map { .integer(cells[image].count($0)) } + [.integer(map.isUsable ? 1 : 0)])
      }
    }
    return table
  }

  /// One row per network, layer and number without a threshold, its chance beside it.
  public var scoreTable: Table {
    var table = Table(ValidityTables.scoreColumns)
    for layer in layers {
      for network in networks {
        for measure in ValidityScores.Measure.allCases {
          let own = estimate(network, layer: layer, measure.value)
          let chance = estimate(network, layer: layer) { measure.chance($1) }
          table.append([.text(network), .text(layer), .text(measure.rawValue)] + own.cells)
          table.append([.text(network), .text(layer), .text("\(measure.rawValue), chance")] + chance.cells)
        }
      }
    }
    return table
  }

  /// One row per network, layer, threshold, region and quantity: where the concepts lie.
  public func placeTable(thresholds: [Double]) -> Table {
    var table = Table(ValidityTables.placeColumns)
    for layer in layers {
      for network in networks {
        for threshold in thresholds {
          for region in PartRegion.allCases {
            let start: [Cell] = [
              .text(network), .text(layer), .number(threshold), .text(region.rawValue),
            ]
            table.append(start + [.text("share")] + share(network, layer, region, at: threshold).cells)
            table.append(start + [.text("chance")] + chanceShare(network, layer, region, at: threshold).cells)
            table.append(start + [.text("recall")] + recall(network, layer, region, at: threshold).cells)
          }
        }
      }
    }
    return table
  }

  /// Mean share of the concepts that lie on a region; on the informative part, the precision.
  public func share(_ network: String, _ layer: String, _ region: PartRegion, at threshold: Double) -> ValidityEstimate
  {
    estimate(network, layer: layer) { ConceptPlaces($0, $1, threshold: threshold)?.share(region) }
  }

  /// Mean share of the cells that lie on a region, over the images that have concepts.
  public func chanceShare(
    _ network: String, _ layer: String, _ region: PartRegion, at threshold: Double
  ) -> ValidityEstimate {
    estimate(network, layer: layer) { map, cells in
      ConceptPlaces(map, cells, threshold: threshold).flatMap { $0.share(region) == nil ? nil : $0.chance(region) }
    }
  }

  /// Mean share of a region's cells that are concepts; on the informative part, the recall.
  public func recall(_ network: String, _ layer: String, _ region: PartRegion, at threshold: Double) -> ValidityEstimate
  {
    estimate(network, layer: layer) { ConceptPlaces($0, $1, threshold: threshold)?.recall(region) }
  }

  /// One row per comparison.
  public func comparisonTable(_ comparisons: [ValidityComparison]) -> Table {
    var table = Table(ValidityTables.comparisonColumns)
    for comparison in comparisons {
      table.append(
        [.text(comparison.layer), .text(comparison.measure), .text(comparison.rival)] + comparison.difference.cells
          + [.text(comparison.verdict.rawValue)])
    }
    return table
  }
}
