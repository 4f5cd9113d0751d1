import Tensors

extension Tensor {
  /// Zero on this tensor's tape, with the gradient zero: what a relation says of too few images.
  var nothing: Tensor { chosen(where: Tensor(0), sum(), Tensor(0)) }
}

extension [LossTerm] {
  /// The same terms, all of them zero with the gradient zero where the batch has too few images to compare.
  ///
  /// - Parameters:
  ///   - student: its first axis counts the images.
  ///   - count: fewest images.
  /// - Returns: as many terms, with the same names and weights.
  func unless(_ student: Tensor, isBelow count: Int) -> [LossTerm] {
    student.shape[0] >= count ? self : map { LossTerm($0.name, student.nothing, weight: $0.weight) }
  }
}
