import Statistics

/// The tidy tables of a run that do not come from the concept study.
enum RunTables {
  static let run: [Table.Column] = [
    Table.Column("role", .text, "Which network: teacher, baseline, or the name of a student."),
    Table.Column("seed", .integer, "Training seed of the network."),
  ]

  /// What tells the rows of tables apart that have one per network, epoch and method.
  static let method =
    run + [
      Table.Column("epoch", .integer, unit: "epochs", "Epochs of training done."),
      Table.Column("term", .text, "Term of the loss: a method of distillation."),
    ]

  /// One row per finished network: the test split, used once.
  static func tests(_ results: RunResults) -> Table {
    var table = Table(
      run + [
        Table.Column("test_accuracy", .number, "Share of test images classified correctly, last epoch."),
        Table.Column("test_loss", .number, unit: "nats", "Mean cross-entropy with the labels, last epoch."),
        Table.Column("agreement", .number, "Share of test images on which teacher and network predict the same class."),
        Table.Column(
          "divergence", .number, unit: "nats", "Mean KL(teacher, network) of the predictions at temperature 1."),
        Table.Column("calibration_error", .number, "Expected calibration error, 15 bins of equal width."),
        Table.Column("maximum_calibration_error", .number, "Largest gap of those bins."),
        Table.Column("brier", .number, "Brier score: squared error of the probabilities, summed over classes."),
      ])
    for test in results.tests {
      table.append([
        .text(test.role), .integer(test.seed), .number(test.accuracy), .number(test.loss), Cell(test.agreement),
        Cell(test.divergence), .number(test.calibration.expectedError), .number(test.calibration.maximumError),
        .number(test.predictions.brierScore),
      ])
    }
    return table
  }

  /// One row per network and epoch.
  static func epochs(_ results: RunResults) -> Table {
    let hasStages = results.histories.contains { $0.history.epochs.contains { $0.stage != nil } }
    let stage = Table.Column("stage", .text, "Stage of a two-stage student: features or classifier; else empty.")
    var table = Table(
      run + [Table.Column("epoch", .integer, unit: "epochs", "Epochs of training done.")] + (hasStages ? [stage] : [])
        + [
          Table.Column("development_accuracy", .number, "Share of development images classified correctly."),
          Table.Column("development_loss", .number, unit: "nats", "Mean cross-entropy on the development split."),
          Table.Column("learning_rate", .number, "Learning rate of the epoch's last step."),
          Table.Column("seconds", .number, unit: "s", "Time of the epoch's steps, without evaluation."),
        ])
    for (role, seed, history) in results.histories {
      for row in history.epochs {
        table.append(
          [.text(role), .integer(seed), .integer(row.epoch)] + (hasStages ? [Cell(row.stage)] : []) + [
            Cell(row.developmentAccuracy), .number(row.developmentLoss), .number(row.learningRate),
            .number(row.seconds),
          ])
      }
    }
    return table
  }

  /// One row per network, epoch and term of its loss.
  static func terms(_ results: RunResults) -> Table {
    var table = Table(
      run + [
        Table.Column("epoch", .integer, unit: "epochs", "Epochs of training done."),
        Table.Column("term", .text, "Term of the loss: labels, or a method of distillation."),
        Table.Column("value", .number, "Mean over the epoch's images, before the term's weight."),
      ])
    for (role, seed, history) in results.histories {
      for row in history.epochs {
        for (name, value) in zip(history.termNames, row.terms) {
          guard let value else { continue }
          table.append([.text(role), .integer(seed), .integer(row.epoch), .text(name), .number(value)])
        }
      }
    }
    return table
  }
}
