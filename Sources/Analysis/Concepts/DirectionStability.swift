import Support

/// How much of what was ever learned of an image is there at the end (Cheng et al., CVPR 2020, eq. 5).
public struct DirectionStability: Sendable, Equatable, Codable {
  /// |S_M|: foreground cells that are concepts at the last epoch.
  public let last: Int
  /// |∪_k S_k|: foreground cells that are concepts at any epoch; above 0.
  public let union: Int

  /// ρ = |S_M| / |∪_k S_k|, from 0 (all was thrown away) to 1 (nothing was).
  public var ratio: Double { Double(last) / Double(union) }

  /// Follows the foreground concepts of one image through its maps.
  ///
  /// - Parameters:
  ///   - maps: of one image, by epoch (or by repeat, for the noise floor), the last one last.
  ///   - foreground: Λ_fg, one flag per cell.
  ///   - threshold: b, nats.
  ///   - backgrounds: H̄_bg of each map, nats; the image's own where nil.
  /// - Returns: the counts, or why there are none.
  public static func measured(
    in maps: [EntropyMap], foreground: [Bool], threshold: Double, backgrounds: [Double]? = nil
  ) -> Result<DirectionStability, Omission> {
    var union = [Bool](repeating: false, count: foreground.count)
    var last = 0
    for (position, map) in maps.enumerated() {
      switch map.concepts(foreground: foreground, threshold: threshold, background: backgrounds?[position]) {
      case .failure(let reason): return .failure(reason)
      case .success(let concepts):
        last = 0
        for i in concepts.indices where concepts[i] && foreground[i] {
          union[i] = true
          last += 1
        }
      }
    }
    let size = union.count { $0 }
    return size > 0 ? .success(DirectionStability(last: last, union: size)) : .failure(.emptyUnion)
  }
}

extension EntropySeries {
  /// ρ of an image over the epochs of learning.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  ///   - threshold: b, nats.
  ///   - firstEpoch: epochs before it are no epochs of learning.
  /// - Returns: the counts, or why there are none.
  public func stability(
    of image: Int, foreground: [Bool], threshold: Double, firstEpoch: Moment = 1
  ) -> Result<DirectionStability, Omission> {
    if let reason = leftOut[image] { return .failure(reason) }
    let learning = epochs.indices.filter { epochs[$0] >= firstEpoch }
    return DirectionStability.measured(
      in: learning.map { maps[$0][image] }, foreground: foreground, threshold: threshold,
      backgrounds: backgrounds.map { all in learning.map { all[$0] } })
  }

  /// ρ of a network that does not change: the last checkpoint measured again and again.
  ///
  /// - Parameters:
  ///   - image: position among the probe images.
  ///   - foreground: Λ_fg of the image, one flag per cell.
  ///   - threshold: b, nats.
  /// - Returns: the counts, or why there are none; nil where nothing was repeated.
  public func noiseFloor(
    of image: Int, foreground: [Bool], threshold: Double
  ) -> Result<DirectionStability, Omission>? {
    repeats.isEmpty
      ? nil
      : DirectionStability.measured(in: repeats.map { $0[image] }, foreground: foreground, threshold: threshold)
  }
}
