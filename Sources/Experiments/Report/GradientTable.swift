import Distillation
import Statistics

extension RunTables {
  /// One row per network, epoch, term and group of weights: how the term pulls beside the labels.
  static func gradients(_ results: RunResults) -> Table {
    var table = Table(
      method + [
        Table.Column("weights", .text, "all: every trainable weight of the student; else the stage that they are in."),
        Table.Column(
          "cosine", .number, "Mean cosine of the term's gradient and the labels'; empty where one of them is zero."),
        Table.Column("norm", .number, "Mean L2 norm of the term's gradient, before its weight."),
        Table.Column("label_norm", .number, "Mean L2 norm of the labels' gradient, before its weight."),
        Table.Column("norm_ratio", .number, "norm / label_norm."),
        Table.Column("weight_ratio", .number, "The term's weight over the labels'; empty where the labels have none."),
        Table.Column("steps", .integer, unit: "steps", "Optimiser steps of the epoch that were measured."),
      ])
    for (role, seed, history) in results.histories {
      for row in history.epochs {
        for pull in row.gradients ?? [] {
          table.append([
            .text(role), .integer(seed), .integer(row.epoch), .text(pull.term), .text(pull.group), Cell(pull.cosine),
            .number(pull.norm), .number(pull.labelNorm), Cell(pull.normRatio), Cell(pull.weightRatio),
            .integer(pull.steps),
          ])
        }
      }
    }
    return table
  }
}
