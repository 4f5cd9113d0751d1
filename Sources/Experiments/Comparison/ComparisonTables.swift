import Analysis
import Reporting
import Statistics
import Support

extension ComparisonMaterial {
  private static let role = Table.Column("role", .text, "baseline, or the name of the method's student.")
  private static let row = Table.Column("method", .text, "The methods, with what differs from their defaults.")

  /// All tables, to be written to the run's folder of tables.
  func dataFolder(of folders: ExperimentFolders) -> DataFolder {
    let all = RunResults(tests: results.tests, similarities: [], histories: results.histories)
    return DataFolder(
      title: "Tables of \(recipe.name)",
      introduction: """
        Everything that `\(MarkdownText(plain: folders.reportPath))/report.md` shows, as tidy tables. Data: \
        \(data.summary).
        """,
      files: [
        DataFolder.File("networks", "One row per network: what it does, and what it cost.", networks),
        DataFolder.File("methods", "One row per method and quantity: mean over seeds, with interval.", methods),
        DataFolder.File("comparisons", "One row per method and reference: paired by seed.", comparisons),
        DataFolder.File("tests", "One row per finished network, on the test split.", RunTables.tests(all)),
        DataFolder.File("training", "One row per network and epoch.", RunTables.epochs(all)),
        DataFolder.File("terms", "One row per network, epoch and term of its loss.", RunTables.terms(all)),
      ]
        + RunTables.metricFiles(all) + results.participants.files
        + studies.flatMap { layer in
          [
            DataFolder.File(
              "\(layer.name)-concepts", "One row per network, threshold and quantity, per seed and over all seeds.",
              layer.counted.summaryTable)
          ] + hypothesisFiles(layer)
        })
  }

  private func hypothesisFiles(_ layer: LayerStudy) -> [DataFolder.File] {
    guard layer.procedure == .fixedDistortion else { return [] }
    let (raw, adjusted) = layer.whole
    return [
      DataFolder.File(
        "\(layer.name)-hypotheses", "One row per hypothesis, method and quantity, against the baseline.",
        HypothesisTables.results(
          hypotheses.results[layer.name] ?? [], hypotheses.sides[layer.name] ?? [],
          decides: layer.name == primary?.name)),
      DataFolder.File(
        "\(layer.name)-gap", "One row per network, epoch and image: what is kept of the object.",
        HypothesisTables.gaps(raw: raw, adjusted: adjusted, position: layer.position)),
    ]
  }

  /// One row per network.
  var networks: Table {
    let quantities = ComparedQuantity.allCases
    var table = Table(
      [Self.role, Self.row, Table.Column("seed", .integer, "Training seed.")]
        + quantities.map { Table.Column($0.rawValue, .number, $0.summary) }
        + [
          Table.Column("stage_epochs", .integer, unit: "epochs", "Epochs of an earlier stage that trains the student."),
          Table.Column("joint_epochs", .integer, unit: "epochs", "Epochs of the joint training."),
          Table.Column(
            "own_epochs", .integer, unit: "epochs", "Epochs in which parts of the method train without the student."),
          Table.Column("views", .integer, "How often an epoch shows each image."),
        ]
        + [Table.Column("best_epoch", .integer, unit: "epochs", "First epoch with the best development accuracy.")])
    for role in ranking {
      let epochs = epochs(of: role)
      for seed in recipe.seeds where value(.accuracy, role, seed: seed) != nil {
        let best = results.best.first { $0.role == role && $0.seed == seed }?.epoch
        table.append(
          [.text(role), .text(title(role)), .integer(seed)] + quantities.map { Cell(value($0, role, seed: seed)) }
            + [.integer(epochs.stage), .integer(epochs.joint), .integer(epochs.own), .integer(epochs.views)]
            + [Cell(best)])
      }
    }
    return table
  }

  /// One row per method and quantity.
  var methods: Table {
    var table = Table([
      Self.role, Self.row, Table.Column("rank", .integer, "By mean test accuracy at the last epoch, 1 is the best."),
      Table.Column("quantity", .text, "A column of networks.csv."),
      Table.Column("value", .number, "Mean over seeds, in the quantity's unit."),
      Table.Column("lower", .number, "Lower end of the 95 % Student t interval; empty for one seed."),
      Table.Column("upper", .number, "Upper end of it."), Table.Column("seeds", .integer, "Seeds behind the value."),
    ])
    for (place, role) in ranking.enumerated() {
      for quantity in ComparedQuantity.allCases {
        guard let estimate = estimate(quantity, role) else { continue }
        table.append([
          .text(role), .text(title(role)), .integer(place + 1), .text(quantity.rawValue), .number(estimate.value),
          Cell(estimate.lower), Cell(estimate.upper), .integer(estimate.count),
        ])
      }
    }
    return table
  }

  /// One row per method and what it is held against.
  var comparisons: Table {
    var table = Table([
      Self.role, Self.row, Table.Column("reference", .text, "What it is compared with: kd or baseline."),
      Table.Column("seeds", .integer, "Pairs of networks of one seed."),
      Table.Column("difference", .number, "Mean over seeds of the difference of test accuracy, method - reference."),
      Table.Column("lower", .number, "Lower end of its 95 % Student t interval; empty for one seed."),
      Table.Column("upper", .number, "Upper end of it."),
      Table.Column("p", .number, "Paired t test over seeds, Holm-corrected over the methods; empty for one seed."),
      Table.Column("p_signs", .number, "Sign-flip test over seeds, not corrected."),
      Table.Column("verdict", .text, "better, worse or no difference shown: by p at 0.05, from three seeds on."),
      Table.Column("p_images", .number, "Test over images, Holm-corrected: for these networks alone."),
      Table.Column("verdict_on_images", .text, "The same by p_images."),
    ])
    for (reference, all, answers) in [
      (Recipe.plainMethod, toPlain, accuracies.toPlain), (RoleName.baseline, toBaseline, accuracies.toBaseline),
    ] {
      for item in ranking.compactMap({ all[$0] }) {
        let answer = answers[item.student]
        let difference = item.bySeeds.difference
        table.append([
          .text(item.student), .text(title(item.student)), .text(reference), .integer(item.seeds.count),
          .number(difference.value), Cell(difference.lower), Cell(difference.upper),
          Cell(answer?.judgement.holmP ?? item.seedsP),
          .number(item.bySeeds.permutation.pValue), .text(answer.map(Self.words)?.rawValue ?? ""),
          .number(item.imagesP),
          .text(item.verdictOnImages.rawValue),
        ])
      }
    }
    return table
  }
}
