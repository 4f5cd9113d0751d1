import Support

/// The unbiased estimator HSIC₁ of the Hilbert–Schmidt independence criterion (Song et al., JMLR 2012, eq. 5; as used by
/// Nguyen, Raghu and Kornblith, ICLR 2021, eq. 3), with its value for the sample without each of its images:
///
///     HSIC₁ = [ tr(K̃L̃) + 1ᵀK̃1 · 1ᵀL̃1 / ((n−1)(n−2)) − 2 / (n−2) · 1ᵀK̃L̃1 ] / (n (n−3)),   K̃, L̃ without diagonal
///
/// All n values of the jackknife cost O(n²) together.
struct DebiasedHSIC {
  /// HSIC₁ of all images.
  let value: Double
  /// HSIC₁ without each image; empty where fewer than 4 would be left.
  let withoutEach: [Double]

  /// - Parameters:
  ///   - a: Gram matrix of one layer.
  ///   - b: of another, over the same images in the same order; at least 4.
  init(_ a: FeatureGram, _ b: FeatureGram) {
    precondition(a.count == b.count && a.count >= 4, "DebiasedHSIC: \(a.count) and \(b.count) images")
    let count = a.count
    // Per image: Σ_j K_ij L_ij, Σ_j K_ij s_j and Σ_j L_ij r_j, with r and s the row sums of K and L.
    var own = Array(repeating: 0.0, count: count)
    var crossed = own
    a.products.withUnsafeBufferPointer { k in
      b.products.withUnsafeBufferPointer { l in
        for i in 0..<count {
          var product = 0.0
          var mixed = 0.0
          for j in 0..<count {
            let (x, y) = (k[i * count + j], l[i * count + j])
            product += x * y
            mixed += x * b.rowSums[j] + y * a.rowSums[j]
          }
          own[i] = product
          crossed[i] = mixed
        }
      }
    }
    let trace = own.reduce(0, +)
    let sums = zip(a.rowSums, b.rowSums).reduce(0) { $0 + $1.0 * $1.1 }
    value = Self.value(trace: trace, first: a.total, second: b.total, sums: sums, count: count)
    guard count > 4 else {
      withoutEach = []
      return
    }
    withoutEach = (0..<count).map { i in
      Self.value(
        trace: trace - 2 * own[i], first: a.total - 2 * a.rowSums[i], second: b.total - 2 * b.rowSums[i],
        sums: sums - a.rowSums[i] * b.rowSums[i] - crossed[i] + own[i], count: count - 1)
    }
  }

  private static func value(trace: Double, first: Double, second: Double, sums: Double, count: Int) -> Double {
    let n = Double(count)
    return (trace + first * second / ((n - 1) * (n - 2)) - 2 / (n - 2) * sums) / (n * (n - 3))
  }
}
