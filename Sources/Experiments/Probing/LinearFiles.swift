import Analysis
import Checkpoints
import Plotting
import Reporting
import Statistics

/// Figure, tables and tensors of `probe linear`.
public struct LinearFiles: ProbeFiles {
  private let reading: LinearReading

  /// - Parameter reading: what was found.
  public init(_ reading: LinearReading) { self.reading = reading }

  /// The penalties that were tried, beside which class is taken for which.
  public var figures: [(name: String, figure: Plotting.Figure)] {
    let confusion = ConfusionMatrix(reading.judged)
    let chosen = confusion.shownClasses
    let map = HeatMap(
      confusionOf: "\(reading.question.layer): \(NumberFormat.percent(reading.accuracy)) right",
      shares: confusion.shares(of: chosen), classes: chosen.map { reading.classes[$0] })
    let panels: [Panel] = (reading.trials.isEmpty ? [] : [.chart(trials)]) + [.heatMap(map)]
    return [
      (
        name: "linear",
        figure: Figure(
          width: panels.count > 1 ? Figure.twoColumns : 120, panels: [panels], rowHeight: 85, showsLegend: true)
      )
    ]
  }

  private var trials: Chart {
    let points = reading.trials.reversed().map { Point($0.penalty, $0.negativeLogLikelihood) }
    return Chart(
      title: "Development images", x: Axis("penalty", isLogarithmic: true), y: Axis("cross-entropy / nats"),
      marks: [
        .line(Line(nil, points: points, look: RoleLook.student(0))), .verticalRule(reading.penalty, label: "taken"),
      ])
  }

  /// The penalties, and the scores of each class.
  public var tables: [(name: String, table: Table)] {
    var trials = Table([
      Table.Column("penalty", .number, "Weight of half the squared norm of the weights."),
      Table.Column("accuracy", .number, "Share of development rows that are right; empty where none were asked."),
      Table.Column("nll", .number, unit: "nats", "Mean cross-entropy on the development rows."),
      Table.Column("taken", .integer, "1 for the penalty that was taken."),
    ])
    for trial in reading.trials {
      trials.append([
        .number(trial.penalty), .number(trial.accuracy), .number(trial.negativeLogLikelihood),
        .integer(trial.penalty == reading.penalty ? 1 : 0),
      ])
    }
    if reading.trials.isEmpty { trials.append([.number(reading.penalty), .empty, .empty, .integer(1)]) }
    var classes = Table(PredictionTables.classes)
    for row in PredictionTables.classRows(ConfusionMatrix(reading.judged), names: reading.classes) {
      classes.append(row)
    }
    return [(name: "linear", table: trials), (name: "classes", table: classes)]
  }

  /// The classifier: logits are weight · (features − mean) / deviation + bias.
  public var tensors: [(name: String, tensors: [StoredTensor])] {
    let (classes, width) = (reading.classes.count, reading.scale.mean.count)
    func floats(_ name: String, _ shape: [Int], _ values: [Double]) -> StoredTensor {
      StoredTensor(name: name, shape: shape, floats: values.map { Float($0) })
    }
    return [
      (
        name: "linear",
        tensors: [
          floats("weight", [classes, width], reading.fit.weight), floats("bias", [classes], reading.fit.bias),
          floats("mean", [width], reading.scale.mean), floats("deviation", [width], reading.scale.deviation),
        ]
      )
    ]
  }
}
