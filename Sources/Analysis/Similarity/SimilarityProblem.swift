/// Why two representations have no similarity, in words for a report: never a bare NaN.
public enum SimilarityProblem: Error, Sendable, Equatable, Hashable, CustomStringConvertible {
  /// The debiased estimator divides by n − 3.
  case tooFewImages(Int)
  /// The layer says the same of every image.
  case constant(String)
  /// The layer's own HSIC is not positive: what varies is lost in the estimator's noise.
  case noise(String, images: Int)

  /// The problem in one clause.
  public var description: String {
    switch self {
    case .tooFewImages(let count):
      "debiased HSIC needs at least 4 images, and there \(count == 1 ? "is 1" : "are \(count)")"
    case .constant(let layer): "\(layer) is constant on this data"
    case .noise(let layer, let images):
      "\(layer) varies too little for \(images) images: its own debiased HSIC is not positive"
    }
  }
}
