import Support

/// Whether confidence means what it says: images in bins of confidence, and in each the mean confidence beside the share
/// that is right (Guo et al., ICML 2017, section 2).
public struct Calibration: Sendable, Equatable, Codable {
  /// How images are put into bins.
  public enum Binning: String, Sendable, Codable, CaseIterable {
    /// Bins ((m − 1)/M, m/M] of equal width; confidence 0 is in the first, 1 in the last.
    case equalWidth = "equal-width"
    /// Bins of about equally many images; images of equal confidence stay together.
    case equalMass = "equal-mass"
  }

  /// The images of one bin.
  public struct Bin: Sendable, Equatable, Codable {
    /// Lower end of the confidences, not in the bin (the first bin of equal width has it too).
    public let lower: Double
    /// Upper end, in the bin.
    public let upper: Double
    /// Number of images; an empty bin counts nothing.
    public let count: Int
    /// Mean confidence of its images, not the bin's middle; nil for an empty bin.
    public let confidence: Double?
    /// Share of its images that are right; nil for an empty bin.
    public let accuracy: Double?

    /// |accuracy − confidence|; nil for an empty bin.
    public var gap: Double? { confidence.flatMap { c in accuracy.map { abs($0 - c) } } }
  }

  /// How images were put into bins.
  public let binning: Binning
  /// The bins, from low to high confidence; those of equal width include empty ones.
  public let bins: [Bin]
  /// Number of images.
  public let count: Int

  /// - Parameters:
  ///   - confidences: from 0 to 1, one per image.
  ///   - isRight: whether each image is classified rightly.
  ///   - bins: number of bins M.
  ///   - binning: how images are put into bins.
  public init(confidences: [Double], isRight: [Bool], bins: Int = 15, binning: Binning = .equalWidth) {
    precondition(bins > 0, "Calibration: \(bins) bins")
    precondition(confidences.count == isRight.count, "Calibration: \(confidences.count) and \(isRight.count) images")
    precondition(confidences.allSatisfy { 0...1.000_001 ~= $0 }, "Calibration: a confidence is not from 0 to 1")
    self.binning = binning
    count = confidences.count
    switch binning {
    case .equalWidth: self.bins = Self.equalWidth(confidences, isRight, bins)
    case .equalMass: self.bins = Self.equalMass(confidences, isRight, bins)
    }
  }

  /// The calibration of the chosen classes.
  public init(_ predictions: Predictions, bins: Int = 15, binning: Binning = .equalWidth) {
    self.init(confidences: predictions.confidences, isRight: predictions.isRight, bins: bins, binning: binning)
  }

  /// Expected calibration error: the gaps of the bins, weighted by their images (Naeini et al., AAAI 2015; Guo et al.,
  /// eq. 3), from 0 to 1; NaN without images.
  public var expectedError: Double {
    bins.reduce(0) { $0 + Double($1.count) * ($1.gap ?? 0) } / Double(count)
  }

  /// Maximum calibration error: the largest gap of a bin that is not empty (Guo et al., eq. 5); NaN without images.
  public var maximumError: Double { bins.compactMap(\.gap).max() ?? .nan }

  /// The mean over classes of each class's own calibration error, every probability of the class counting and not only
  /// the largest (Kull et al., NeurIPS 2019, definition 3).
  public static func classwiseError(_ predictions: Predictions, bins: Int = 15) -> Double {
    let classes = predictions.classes
    let errors = (0..<classes).map { index in
      Calibration(
        confidences: predictions.labels.indices.map { min(1, predictions.probabilities[$0 * classes + index]) },
        isRight: predictions.labels.map { $0 == index }, bins: bins
      ).expectedError
    }
    return errors.reduce(0, +) / Double(classes)
  }

  private static func equalWidth(_ confidences: [Double], _ isRight: [Bool], _ bins: Int) -> [Bin] {
    var members = Array(repeating: [Int](), count: bins)
    for (image, confidence) in confidences.enumerated() {
      var bin = min(bins - 1, Int(confidence * Double(bins)))
      // A confidence at an edge belongs to the lower bin, whichever way the product was rounded.
      if bin > 0, confidence <= Double(bin) / Double(bins) { bin -= 1 }
      members[bin].append(image)
    }
    return members.enumerated().map { bin, images in
      Self.bin(images, confidences, isRight, Double(bin) / Double(bins), Double(bin + 1) / Double(bins))
    }
  }

  private static func equalMass(_ confidences: [Double], _ isRight: [Bool], _ bins: Int) -> [Bin] {
    let order = confidences.indices.sorted { confidences[$0] < confidences[$1] }
    var result: [Bin] = []
    var start = 0
    for bin in 0..<bins {
      var end = (bin + 1) * order.count / bins
      guard end > start else { continue }
      while end < order.count, confidences[order[end]] == confidences[order[end - 1]] { end += 1 }
      let lower = result.last?.upper ?? 0
      result.append(Self.bin(Array(order[start..<end]), confidences, isRight, lower, confidences[order[end - 1]]))
      start = end
    }
    return result
  }

  private static func bin(
    _ images: [Int], _ confidences: [Double], _ isRight: [Bool], _ lower: Double, _ upper: Double
  ) -> Bin {
    guard !images.isEmpty else { return Bin(lower: lower, upper: upper, count: 0, confidence: nil, accuracy: nil) }
    let count = Double(images.count)
    return Bin(
      lower: lower, upper: upper, count: images.count,
      confidence: images.reduce(0) { $0 + confidences[$1] } / count,
      accuracy: Double(images.count { isRight[$0] }) / count)
  }
}
