import Support

#if canImport(Glibc)
  import Glibc
#endif

/// Temperature scaling (Guo et al., ICML 2017, section 4.2): the one number T by which logits are divided so that the
/// labels of held-out images become likeliest. It changes no choice of class.
public enum TemperatureScaling {
  /// What was fitted.
  public struct Fit: Sendable, Equatable {
    /// T, within ``TemperatureScaling/range``.
    public let temperature: Double
    /// Whether the likelihood still rises at an end of the range: there is no best temperature, and this one is only
    /// the last that was allowed. So it is where every image is right (colder is better without end) and where the
    /// answers are worse than guesses (hotter is).
    public let isAtEndOfRange: Bool
  }

  /// Temperatures that are searched.
  public static let range = 0.01...100.0

  /// The temperature that minimises the negative log-likelihood.
  ///
  /// The likelihood is concave in 1/T, so its derivative has one zero, found by bisection within ``range``.
  ///
  /// - Parameters:
  ///   - logits: of the development split, [images · classes], row by row; never of the images that are then judged.
  ///   - labels: class of each image.
  ///   - classes: number of classes.
  /// - Returns: nil without images, or where there is one class alone.
  public static func fit(logits: [Float], labels: [Int], classes: Int) -> Fit? {
    precondition(
      logits.count == labels.count * classes,
      "TemperatureScaling: \(logits.count) logits for \(labels.count) images of \(classes) classes")
    guard !labels.isEmpty, classes > 1 else { return nil }
    var low = -log(range.upperBound)
    var high = -log(range.lowerBound)
    // First: the slope of answers that are surely right comes to exactly 0 at either end.
    if isRight(logits, labels, classes) { return Fit(temperature: range.lowerBound, isAtEndOfRange: true) }
    if slope(exp(low), logits, labels, classes) >= 0 { return Fit(temperature: range.upperBound, isAtEndOfRange: true) }
    if slope(exp(high), logits, labels, classes) <= 0 {
      return Fit(temperature: range.lowerBound, isAtEndOfRange: true)
    }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if slope(exp(middle), logits, labels, classes) > 0 { high = middle } else { low = middle }
    }
    return Fit(temperature: exp(-(low + high) / 2), isAtEndOfRange: false)
  }

  /// Whether the label of each image has a larger logit than every other class.
  private static func isRight(_ logits: [Float], _ labels: [Int], _ classes: Int) -> Bool {
    labels.indices.allSatisfy { image in
      let row = logits[image * classes..<(image + 1) * classes]
      let own = row.startIndex + labels[image]
      return row.indices.allSatisfy { $0 == own || row[$0] < row[own] }
    }
  }

  /// Derivative of the mean negative log-likelihood with respect to β = 1/T: mean of Σ_j p_j (z_j − z_label).
  ///
  /// Summed over differences: an image whose label has the largest logit must not get a slope above 0 by rounding.
  private static func slope(_ beta: Double, _ logits: [Float], _ labels: [Int], _ classes: Int) -> Double {
    var total = 0.0
    for image in labels.indices {
      let row = logits[image * classes..<(image + 1) * classes]
      let own = Double(row[row.startIndex + labels[image]])
      let largest = Double(row.max() ?? 0)
      var weights = 0.0
      var weighted = 0.0
      for value in row {
        let weight = exp(beta * (Double(value) - largest))
        weights += weight
        // A masked class weighs nothing, however far behind it lies.
        if weight > 0 { weighted += weight * (Double(value) - own) }
      }
      total += weighted / weights
    }
    return total / Double(labels.count)
  }
}
