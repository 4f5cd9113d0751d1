import Statistics

/// What a measurement's numbers are: how tables, figures and the section of the report speak of them.
public struct MeasuredNumbers {
  /// Of its section.
  public let title: String
  /// What each number of a checkpoint belongs to, such as layers: a row, a panel and rows of the table each.
  public let items: [String]
  /// What an item is, the name of a column: `layer`.
  public let item: String
  /// Name of the column with the numbers: `accuracy`.
  public let value: String
  /// What that column holds, one sentence.
  public let meaning: String
  /// What stands at the axis of its figure, with the unit.
  public let axis: String
  /// What the report's table multiplies by, and in which units values and differences are then; none for empty texts.
  public let shown: (scale: Double, unit: String, difference: String)
  /// Where a mean can lie.
  public let range: ClosedRange<Double>
  /// What the table shows and how it was measured.
  public let caption: String
  /// What to see in the figure.
  public let reading: String

  /// - Parameters:
  ///   - title: of its section.
  ///   - items: what each number belongs to.
  ///   - item: what an item is, in one word.
  ///   - value: name of the numbers' column, in one word.
  ///   - meaning: what that column holds, one sentence.
  ///   - axis: what stands at the figure's axis.
  ///   - shown: what the report's table multiplies by, with the units of values and differences.
  ///   - range: where a mean can lie.
  ///   - caption: what the table shows and how it was measured, sentences.
  ///   - reading: what to see in the figure, sentences.
  public init(
    title: String, items: [String], item: String, value: String, meaning: String, axis: String,
    shown: (scale: Double, unit: String, difference: String) = (1, "", ""),
    range: ClosedRange<Double> = QuantityRange.unbounded, caption: String, reading: String
  ) {
    (self.title, self.items, self.item, self.value, self.meaning) = (title, items, item, value, meaning)
    (self.axis, self.shown, self.range, self.caption, self.reading) = (axis, shown, range, caption, reading)
  }
}
