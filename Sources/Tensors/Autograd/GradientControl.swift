import Support

extension Tensor {
  /// The same values, with the gradient times a factor on the way back: −1 turns it (Ganin & Lempitsky, ICML 2015).
  public func scalingGradient(by factor: Float) -> Tensor {
    Tensor(shape: shape, contents: contents).recorded("scalingGradient", [self], isRecordable: true) { [$0 * factor] }
  }

  /// Each value rounded to the nearest whole number, ties to even; the gradient passes as if nothing had been done
  /// (straight-through estimator, Bengio et al., arXiv 1308.3432).
  public func roundedStraightThrough() -> Tensor {
    mapElements(self) { $0.rounded(.toNearestOrEven) }
      .recorded("roundedStraightThrough", [self], isRecordable: true) { [$0] }
  }
}
