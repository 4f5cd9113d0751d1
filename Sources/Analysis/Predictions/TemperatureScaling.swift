import Support

#if canImport(Glibc)
  import Glibc
#endif

/// Temperature scaling (Guo et al., ICML 2017, section 4.2): the one number T by which logits are divided so that the
/// labels of held-out images become likeliest. It changes no choice of class.
public enum TemperatureScaling {
  /// The temperature that minimises the negative log-likelihood.
  ///
  /// The likelihood is concave in 1/T, so its derivative has one zero, found by bisection within [0.01, 100].
  ///
  /// - Parameters:
  ///   - logits: of the development split, [images · classes], row by row; never of the images that are then judged.
  ///   - labels: class of each image.
  ///   - classes: number of classes.
  /// - Returns: T; an end of the range where the likelihood rises towards it, 1 without images.
  public static func fit(logits: [Float], labels: [Int], classes: Int) -> Double {
    precondition(
      logits.count == labels.count * classes,
      "TemperatureScaling: \(logits.count) logits for \(labels.count) images of \(classes) classes")
    guard !labels.isEmpty, classes > 1 else { return 1 }
    var low = log(0.01)
    var high = log(100.0)
    if slope(exp(low), logits, labels, classes) >= 0 { return 1 / exp(low) }
    if slope(exp(high), logits, labels, classes) <= 0 { return 1 / exp(high) }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if slope(exp(middle), logits, labels, classes) > 0 { high = middle } else { low = middle }
    }
    return exp(-(low + high) / 2)
  }

  /// Derivative of the mean negative log-likelihood with respect to β = 1/T: mean of Σ_j p_j z_j − z_label.
  private static func slope(_ beta: Double, _ logits: [Float], _ labels: [Int], _ classes: Int) -> Double {
    var total = 0.0
    for image in labels.indices {
      let row = logits[image * classes..<(image + 1) * classes]
      let largest = beta * Double(row.max() ?? 0)
      var weights = 0.0
      var weighted = 0.0
      for value in row {
        let weight = exp(beta * Double(value) - largest)
        weights += weight
        weighted += weight * Double(value)
      }
      total += weighted / weights - Double(row[row.startIndex + labels[image]])
    }
    return total / Double(labels.count)
  }
}
