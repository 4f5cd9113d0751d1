import Analysis
import Plotting
import Statistics

/// Figures and tables of `probe compare`.
public struct ComparisonFiles: ProbeFiles {
  private let comparison: NetworkComparison
  private let names: [String]

  /// - Parameters:
  ///   - comparison: what was found.
  ///   - a: the first checkpoint as it was named.
  ///   - b: the second.
  public init(_ comparison: NetworkComparison, _ a: String, _ b: String) {
    self.comparison = comparison
    names = shortNames([a, b])
  }

  /// The CKA matrix.
  public var figures: [(name: String, figure: Plotting.Figure)] {
    let table = comparison.similarities
    let map = HeatMap(
      similaritiesOf: "CKA of layers",
      table.entries.reversed().map { $0.map { $0.estimate?.value } }, rows: table.rows.reversed(),
      columns: table.columns, rowName: "A: \(names[0])", columnName: "B: \(names[1])")
    return [(name: "similarity", figure: Figure(maps: [map], inRow: 1, rowHeight: 90))]
  }

  /// Similarities of layers, accuracies of classes, distances of weights.
  public var tables: [(name: String, table: Table)] {
    let layers = SimilarityTable.tableColumns(
      Table.Column("layer_a", .text, "Layer of the first checkpoint."),
      Table.Column("layer_b", .text, "Layer of the second checkpoint."))
    var weights = Table([
      Table.Column("name", .text, "Tensor that both have."),
      Table.Column("relative", .number, "|a - b| / |a|; empty where shapes differ."),
      Table.Column("cosine", .number, "Cosine of the angle between them."),
    ])
    for tensor in comparison.distances {
      weights.append([.text(tensor.name), Cell(tensor.relative), Cell(tensor.cosine)])
    }
    let key = [Table.Column("checkpoint", .text, "The checkpoint: what tells its path from the other's.")]
    let answers = [(names[0], comparison.predictions.0), (names[1], comparison.predictions.1)]
    return [
      (name: "similarity", table: Table(keys: [], layers, [(key: [], rows: comparison.similarities.tableRows)])),
      (
        name: "classes",
        table: Table(
          keys: key, PredictionTables.classes,
          answers.map { name, predictions in
            (
              key: [.text(name)],
              rows: PredictionTables.classRows(ConfusionMatrix(predictions), names: comparison.classes)
            )
          })
      ), (name: "weights", table: weights),
    ]
  }
}
