import Analysis

/// What a network says of a class that it was never shown (Hinton, Vinyals & Dean, 2015, section 3).
extension Predictions {
  /// Share of the images of a class that are classified as it; NaN where there are none.
  ///
  /// - Parameters:
  ///   - wanted: the class.
  ///   - shift: what is added to its logit in every image.
  /// - Returns: in [0, 1].
  package func recall(of wanted: Int, shifted shift: Double = 0) -> Double {
    let own = labels.indices.filter { labels[$0] == wanted }
    return Double(own.count { margin(of: wanted, in: $0) + shift > 0 }) / Double(own.count)
  }

  /// What has to be added to the logit of a class so that it is chosen as often as it occurs among the images. It takes
  /// the class's frequency, and no image's label.
  package func balancingShift(of wanted: Int) -> Double {
    let count = labels.count { $0 == wanted }
    let margins = labels.indices.map { margin(of: wanted, in: $0) }.sorted(by: >)
    guard count > 0, count < margins.count else { return 0 }
    // Half way between the last image that is to be chosen and the next one.
    return -(margins[count - 1] + margins[count]) / 2
  }

  /// How far the logit of a class lies above the largest other one.
  private func margin(of wanted: Int, in image: Int) -> Double {
    let row = logProbabilities[image * classes..<(image + 1) * classes]
    let other = row.indices.filter { $0 - row.startIndex != wanted }.map { row[$0] }.max() ?? 0
    return row[row.startIndex + wanted] - other
  }
}
