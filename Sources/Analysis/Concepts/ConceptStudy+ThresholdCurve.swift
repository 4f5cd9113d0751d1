import Statistics

extension ConceptStudy {
  /// Thresholds at which a curve over b is drawn, nats: a count that holds for one b only is no finding.
  public static let curveThresholds = (1...20).map { Double($0) / 20 }

  /// One row per role, threshold and quantity at the last epoch: how much the counts depend on b.
  ///
  /// - Parameter thresholds: b, nats, ascending.
  /// - Returns: columns ``ConceptTables/thresholdColumns``.
  public func thresholdTable(_ thresholds: [Double] = ConceptStudy.curveThresholds) -> Table {
    var table = Table(ConceptTables.thresholdColumns)
    for role in roles {
      let runs = series(of: role)
      for threshold in thresholds {
        for quantity in [ConceptQuantity.foregroundConcepts, .backgroundConcepts, .conceptShare] {
          guard let summary = summary(of: quantity, over: runs, threshold: threshold) else { continue }
          table.append([.text(role), .number(threshold)] + summary.cells)
        }
      }
    }
    return table
  }
}

extension ConceptTables {
  /// Columns of ``ConceptStudy/thresholdTable(_:)``.
  public static let thresholdColumns = curveColumns.filter { $0.name != epoch.name }
}
