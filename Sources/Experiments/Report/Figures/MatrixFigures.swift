import Analysis
import Plotting

extension HeatMap {
  /// Which class is taken for which, in per cent of each true class.
  ///
  /// - Parameters:
  ///   - title: the network.
  ///   - shares: [label][choice], from 0 to 1; nil for a class without images.
  ///   - classes: names.
  public init(confusionOf title: String, shares: [[Double?]], classes: [String]) {
    self.init(
      title: title, values: shares.map { row in row.map { $0.map { (100 * $0).rounded() } } }, rowLabels: classes,
      columnLabels: classes, rowAxisLabel: "true class", columnAxisLabel: "predicted class", range: 0...100,
      colourBarLabel: "images of the class / %")
  }

  /// What networks change in another one's confusions, all in the same colours.
  ///
  /// - Parameters:
  ///   - changes: whose, and [label][choice], differences of shares; nil for a class without images.
  ///   - classes: names.
  /// - Returns: a map each.
  public static func confusionChanges(_ changes: [(title: String, shares: [[Double?]])], classes: [String]) -> [HeatMap]
  {
    let points = changes.map { change in change.shares.map { row in row.map { $0.map { (100 * $0).rounded() } } } }
    let most = max(1, points.joined().joined().compactMap { $0.map(abs) }.max() ?? 0)
    return zip(changes, points).map { change, points in
      HeatMap(
        title: change.title, values: points, rowLabels: classes, columnLabels: classes, rowAxisLabel: "true class",
        columnAxisLabel: "predicted class", scale: .diverging, range: -most...most,
        colourBarLabel: "difference / points")
    }
  }

  /// The similarities of two networks' layers.
  ///
  /// - Parameters:
  ///   - title: what is compared.
  ///   - values: [rows][columns]; nil where there is none.
  ///   - rows: layers of the one.
  ///   - columns: layers of the other, or epochs.
  ///   - rowName: what the rows are.
  ///   - columnName: what the columns are.
  public init(
    similaritiesOf title: String, _ values: [[Double?]], rows: [String], columns: [String], rowName: String,
    columnName: String
  ) {
    self.init(
      title: title, values: values, rowLabels: rows, columnLabels: columns, rowAxisLabel: rowName,
      columnAxisLabel: columnName, range: 0...1, colourBarLabel: "debiased linear CKA")
  }
}

extension Plotting.Figure {
  /// Panels in rows of as many as fit beside each other.
  ///
  /// - Parameters:
  ///   - maps: at least one.
  ///   - inRow: panels in a row.
  ///   - rowHeight: millimetres.
  public init(maps: [HeatMap], inRow: Int, rowHeight: Double) {
    self.init(
      width: maps.count == 1 ? 120 : Figure.twoColumns, panels: Panel.rows(maps.map(Panel.heatMap), columns: inRow),
      rowHeight: rowHeight, showsLegend: false)
  }
}
