/// What names the rows of a panel.
private struct RowNames: Equatable {
  let isChart: Bool
  let title: String
  let names: [String]
}

extension Panel {
  var isChart: Bool { if case .chart = self { true } else { false } }
  var isHeatMap: Bool { if case .heatMap = self { true } else { false } }
  var isGallery: Bool { if case .gallery = self { true } else { false } }

  /// Whether its rows are those of the panel at its left, which then names them for both: names said again in every
  /// panel leave little room for what differs.
  func leans(on neighbour: Panel) -> Bool { rowNames != nil && rowNames == neighbour.rowNames }

  /// Nil where rows have no names.
  private var rowNames: RowNames? {
    switch self {
    case .chart(let chart):
      ChartContents(chart).rows.map { RowNames(isChart: true, title: chart.y.label, names: $0) }
    case .heatMap(let map):
      map.rowLabels.isEmpty
        ? nil : RowNames(isChart: false, title: map.rowAxisLabel ?? "", names: map.rowLabels)
    case .gallery, .empty: nil
    }
  }
}
