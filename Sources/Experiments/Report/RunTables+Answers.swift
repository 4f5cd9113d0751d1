import Analysis
import Statistics

extension RunTables {
  /// One row per finished network and bin of confidence.
  static func calibration(_ results: RunResults) -> Table {
    Table(
      keys: run, PredictionTables.bins,
      results.tests.map { (key: key($0), rows: PredictionTables.rows($0.calibration)) })
  }

  /// One row per finished network and class.
  static func classes(_ results: RunResults, names: [String]) -> Table {
    Table(
      keys: run, PredictionTables.classes,
      results.tests.map {
        (key: key($0), rows: PredictionTables.classRows(ConfusionMatrix($0.predictions), names: names))
      })
  }

  /// One row per finished network and pair of classes.
  static func confusion(_ results: RunResults, names: [String]) -> Table {
    Table(
      keys: run, PredictionTables.confusion,
      results.tests.map {
        (key: key($0), rows: PredictionTables.confusionRows(ConfusionMatrix($0.predictions), names: names))
      })
  }

  /// One row per network, epoch, layer and layer of the teacher.
  static func similarities(_ results: RunResults) -> Table {
    let layers = SimilarityTable.tableColumns(
      Table.Column("layer", .text, "The network's layer."),
      Table.Column("teacher_layer", .text, "Layer of the finished teacher."))
    return Table(
      keys: run + [Table.Column("epoch", .integer, unit: "epochs", "Stored epoch; 0 is the initialisation.")], layers,
      results.similarities.map {
        (key: [.text($0.role), .integer($0.seed), .integer($0.epoch)], rows: $0.table.tableRows)
      })
  }

  /// One row per student: its accuracy against the baseline's.
  static func comparisons(_ comparisons: [AccuracyComparison]) -> Table {
    var table = Table([
      Table.Column("student", .text, "Name of the student."),
      Table.Column("seeds", .integer, "Training seeds that it shares with the baseline."),
      Table.Column("images", .integer, "Test images."),
      Table.Column("difference", .number, "Accuracy of the student - accuracy of the baseline, mean over seeds."),
      Table.Column("seeds_lower", .number, "Lower end of the 95 % Student t interval over seeds."),
      Table.Column("seeds_upper", .number, "Upper end of the 95 % Student t interval over seeds."),
      Table.Column("seeds_deviation", .number, "Standard deviation of the seeds' differences."),
      Table.Column("seeds_p", .number, "p of the paired t test over seeds, Holm-corrected for all students."),
      Table.Column("seeds_flip_p", .number, "p of the exact sign-flip test over seeds, not corrected."),
      Table.Column("images_lower", .number, "Lower end of the 95 % Student t interval over images."),
      Table.Column("images_upper", .number, "Upper end of the 95 % Student t interval over images."),
      Table.Column("images_p", .number, "p over images, Holm-corrected for all students; see images_method."),
      Table.Column("images_method", .text, "The test over images."),
      Table.Column("mcnemar_p", .text, "p of McNemar's exact test of each seed, not corrected."),
      Table.Column("seeds_needed", .integer, "Seeds that would find such a difference in 80 % of studies."),
      Table.Column("verdict", .text, "Over seeds: better, worse or no difference shown."),
      Table.Column("verdict_on_images", .text, "Over images: the same, for these networks alone."),
    ])
    for item in comparisons {
      let (seeds, images) = (item.bySeeds, item.byImages)
      let test = item.seeds.count == 1 ? item.mcNemar[0] : images.permutation
      table.append([
        .text(item.student), .integer(item.seeds.count), .integer(images.count), .number(seeds.difference.value),
        Cell(seeds.difference.lower), Cell(seeds.difference.upper), Cell(seeds.deviation), Cell(item.seedsP),
        .number(seeds.permutation.pValue), Cell(images.difference.lower), Cell(images.difference.upper),
        .number(item.imagesP), .text(test.method),
        .text(item.mcNemar.map { "\($0.pValue)" }.joined(separator: "; ")), Cell(seeds.pairsNeeded),
        .text(item.verdict.rawValue), .text(item.verdictOnImages.rawValue),
      ])
    }
    return table
  }

  private static func key(_ test: TestResult) -> [Cell] { [.text(test.role), .integer(test.seed)] }
}
