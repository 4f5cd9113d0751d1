import Support

/// When an image's concepts were learned: the first epoch with the most of them (Cheng et al., CVPR 2020, section 3.2).
public struct LearningMoment: Sendable, Equatable, Codable {
  /// m̂_I = argmax_{k≥1} N_fg,k(I), the first on ties.
  public let epoch: Moment
  /// N_fg at that epoch, in cells.
  public let concepts: Int
  /// d_m̂: the weight distance travelled by then, dimensionless.
  public let distance: Double
  /// d_m̂ as a share of the whole run's d_M; nil where the weights did not move.
  public let distanceShare: Double?
  /// d_m̂ summed over optimiser steps; nil where the trainer did not keep it.
  public let stepDistance: Double?
  /// The same for the measured layer's weights alone, the published form; nil where the trainer did not keep it.
  public let layerDistance: Double?
}

extension EntropySeries {
  /// When the concepts of an image were learned.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  ///   - threshold: b, nats.
  ///   - firstEpoch: epochs before it are no epochs of learning; an untrained network has most concepts of all.
  ///   - countsNone: whether an image without any concept has its moment at the first epoch, as a plain arg max says;
  ///     otherwise it has none.
  /// - Returns: the moment, or why there is none.
  public func learningMoment(
    of image: Int, foreground: [Bool], threshold: Double, firstEpoch: Moment = 1, countsNone: Bool = false
  ) -> Result<LearningMoment, Omission> {
    var best: (position: Int, concepts: Int)?
    for position in epochs.indices where epochs[position] >= firstEpoch {
      switch conceptCount(of: image, at: position, foreground: foreground, threshold: threshold) {
      case .failure(let reason): return .failure(reason)
      case .success(let count):
        if count.foreground > best?.concepts ?? (countsNone ? -1 : 0) { best = (position, count.foreground) }
      }
    }
    guard let best else { return .failure(.neverLearned) }
    let distance = distances[best.position]
    let whole = distances[distances.count - 1]
    return .success(
      LearningMoment(
        epoch: epochs[best.position], concepts: best.concepts, distance: distance,
        distanceShare: whole > 0 ? distance / whole : nil, stepDistance: stepDistances?[best.position],
        layerDistance: layerDistances?[best.position]))
  }
}
