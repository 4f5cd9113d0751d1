import Statistics

/// Tidy tables of predictions; each row begins with what names the network.
public enum PredictionTables {
  /// Columns of one bin of confidence.
  public static let bins = [
    Table.Column("bin", .integer, "Bin of confidence, from 1."),
    Table.Column("lower", .number, "Lower end of the bin, not in it; the first bin has 0 too."),
    Table.Column("upper", .number, "Upper end of the bin, in it."),
    Table.Column("images", .integer, "Images whose largest probability lies in the bin."),
    Table.Column("confidence", .number, "Mean of those probabilities; empty for an empty bin."),
    Table.Column("accuracy", .number, "Accuracy on those images; empty for an empty bin."),
  ]

  /// Columns of one class.
  public static let classes = [
    Table.Column("class", .text, "The class."),
    Table.Column("support", .integer, "Images of the class."),
    Table.Column("predicted", .integer, "Images that were given the class."),
    Table.Column("precision", .number, "Share of the images given the class that belong to it; empty if none was."),
    Table.Column("recall", .number, "Share of the class's images that were given it: its accuracy."),
    Table.Column("f1", .number, "Harmonic mean of precision and recall."),
  ]

  /// Columns of one cell of a confusion matrix.
  public static let confusion = [
    Table.Column("label", .text, "True class."),
    Table.Column("predicted", .text, "Predicted class."),
    Table.Column(
      "images", .integer,
      "Images of the true class that were given the predicted class; pairs without any are left out."),
  ]

  /// One row per bin.
  ///
  /// - Parameter calibration: bins with their images.
  /// - Returns: cells of the columns ``bins``.
  public static func rows(_ calibration: Calibration) -> [[Cell]] {
    calibration.bins.enumerated().map { place, bin in
      [
        .integer(place + 1), .number(bin.lower), .number(bin.upper), .integer(bin.count), Cell(bin.confidence),
        Cell(bin.accuracy),
      ]
    }
  }

  /// One row per class.
  ///
  /// - Parameters:
  ///   - matrix: counts.
  ///   - names: of the classes.
  /// - Returns: cells of the columns ``classes``.
  public static func classRows(_ matrix: ConfusionMatrix, names: [String]) -> [[Cell]] {
    zip(names, matrix.scores).map { name, score in
      [
        .text(name), .integer(score.support), .integer(score.predicted), Cell(score.precision), Cell(score.recall),
        Cell(score.f1),
      ]
    }
  }

  /// One row per pair of classes that occurred.
  ///
  /// - Parameters:
  ///   - matrix: counts.
  ///   - names: of the classes.
  /// - Returns: cells of the columns ``confusion``.
  public static func confusionRows(_ matrix: ConfusionMatrix, names: [String]) -> [[Cell]] {
    matrix.pairs.map { [.text(names[$0.label]), .text(names[$0.choice]), .integer($0.images)] }
  }
}

extension Table {
  /// A table whose rows begin with what they are of.
  ///
  /// - Parameters:
  ///   - keys: columns that name the rows' subject.
  ///   - columns: the other columns.
  ///   - parts: for each subject its key cells and its rows.
  public init(keys: [Column], _ columns: [Column], _ parts: [(key: [Cell], rows: [[Cell]])]) {
    self.init(keys + columns)
    for part in parts { for row in part.rows { append(part.key + row) } }
  }
}
