import Tensors

extension BatchMaker {
  /// Images as the first epoch has them: where nothing is augmented, as they are.
  ///
  /// - Returns: [indices, H, W, C], normalised.
  public func images(_ indices: ArraySlice<Int>) -> Tensor {
    Tensor(shape: [indices.count, set.height, set.width, set.channels]) { fill($0, indices: indices, epoch: 0) }
  }

  /// What is said of all images of the set, batch by batch.
  ///
  /// - Parameters:
  ///   - batch: images at a time.
  ///   - answer: is given some images, and returns a row for each.
  /// - Returns: the rows of all images.
  public func answers(batch: Int = 256, _ answer: (Tensor) throws -> Tensor) rethrows -> Tensor {
    let all = Array(0..<set.count)
    let parts = try stride(from: 0, to: all.count, by: batch).map { start in
      try answer(images(all[start..<min(all.count, start + batch)]))
    }
    return concatenated(parts, alongAxis: 0)
  }
}
