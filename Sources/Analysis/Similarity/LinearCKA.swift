import Statistics

/// Linear centred kernel alignment of two representations of the same images (Kornblith et al., ICML 2019), with the
/// debiased HSIC₁ in numerator and denominator (Nguyen, Raghu and Kornblith, ICLR 2021):
/// HSIC₁(K, L) / √(HSIC₁(K, K) · HSIC₁(L, L)).
///
/// 1 for representations that are equal up to rotation and scale, near 0 (on either side) for independent ones, also
/// where there are more features than images.
public enum LinearCKA {
  /// The similarity of two layers with its 95 % jackknife interval over images.
  ///
  /// - Parameters:
  ///   - a: Gram matrix of one layer.
  ///   - b: of another, over the same images in the same order.
  /// - Returns: the estimate, or why there is none.
  public static func similarity(_ a: FeatureGram, _ b: FeatureGram) -> Result<Estimate, SimilarityProblem> {
    matrix([a], [b])[0][0]
  }

  /// The similarities of every layer of one network with every layer of another.
  ///
  /// - Parameters:
  ///   - rows: Gram matrices of one network's layers.
  ///   - columns: of the other's, over the same images in the same order.
  /// - Returns: [rows][columns], each an estimate or why there is none.
  public static func matrix(_ rows: [FeatureGram], _ columns: [FeatureGram]) -> [[Result<Estimate, SimilarityProblem>]]
  {
    let norms = (rows: rows.map(own), columns: columns.map(own))
    return rows.indices.map { row in
      columns.indices.map { column in
        norms.rows[row].flatMap { first in
          norms.columns[column].map { second in estimate(DebiasedHSIC(rows[row], columns[column]), first, second) }
        }
      }
    }
  }

  /// A layer's HSIC with itself, which must be positive.
  private static func own(_ gram: FeatureGram) -> Result<DebiasedHSIC, SimilarityProblem> {
    guard gram.count >= 4 else { return .failure(.tooFewImages(gram.count)) }
    guard !gram.isConstant else { return .failure(.constant(gram.name)) }
    let hsic = DebiasedHSIC(gram, gram)
    return hsic.value > 0 ? .success(hsic) : .failure(.noise(gram.name, images: gram.count))
  }

  private static func estimate(_ cross: DebiasedHSIC, _ first: DebiasedHSIC, _ second: DebiasedHSIC) -> Estimate {
    func ratio(_ cross: Double, _ first: Double, _ second: Double) -> Double {
      cross / (first.squareRoot() * second.squareRoot())
    }
    let count = max(4, cross.withoutEach.count)
    let value = ratio(cross.value, first.value, second.value)
    let without = cross.withoutEach.indices.map {
      ratio(cross.withoutEach[$0], first.withoutEach[$0], second.withoutEach[$0])
    }
    // Where one image carries all variance, what is left without it has no similarity, and the value has no error.
    guard count > 4, let centre = mean(of: without), centre.isFinite else {
      return Estimate(value, count: count, method: "debiased linear CKA, no interval")
    }
    let squares = without.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let half = 1.959963984540054 * (squares * Double(count - 1) / Double(count)).squareRoot()
    return Estimate(
      value, lower: value - half, upper: value + half, count: count,
      method: "debiased linear CKA, 95 % jackknife over \(count) images"
    ).within(QuantityRange.correlation)
  }
}

extension Estimate {
  /// "0.873 (debiased, n = 512, ± 0.012)": a similarity is never printed without them.
  public var similarityText: String {
    let error = error.map { "± \(rounded($0))" } ?? "no interval"
    return "\(rounded(value)) (debiased, n = \(count), \(error))"
  }

  private func rounded(_ value: Double) -> String {
    let thousandths = Int((abs(value) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return (value < 0 && thousandths > 0 ? "−" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
