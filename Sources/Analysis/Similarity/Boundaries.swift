import Models
import Support
import Tensors

/// Where networks draw the borders between classes: what they say of mixtures on the way from one image to another.
///
/// Two networks that agree on all images may part them differently in between. The mixtures are those of normalised
/// images, which are mixtures of the pixels too.
public enum Boundaries {
  /// Pairs of images unless there are fewer.
  public static let pairCount = 200
  /// Mixtures between the images of a pair, at equal steps, without its ends.
  public static let steps = 9

  /// Pairs of different images, the same for all networks.
  ///
  /// - Parameters:
  ///   - count: number of images.
  ///   - seed: another one gives other pairs.
  /// - Returns: places of the images; none where there are fewer than two.
  public static func pairs(among count: Int, seed: UInt64) -> [(Int, Int)] {
    guard count > 1 else { return [] }
    var random = RandomGenerator(Philox(seed: seed).split(.order))
    return (0..<pairCount).map { _ in
      let first = random.index(below: count)
      let second = random.index(below: count - 1)
      return (first, second < first ? second : second + 1)
    }
  }

  /// The logits of a network for all mixtures, in evaluation mode.
  ///
  /// - Parameters:
  ///   - network: any.
  ///   - pairs: places of images.
  ///   - batch: pairs at a time.
  ///   - images: gives the images of some places as the network takes them.
  /// - Returns: [pairs · steps, classes], pair by pair.
  public static func logits(
    of network: any Network, between pairs: [(Int, Int)], batch: Int = 64, _ images: (ArraySlice<Int>) -> Tensor
  ) -> Tensor {
    let parts = stride(from: 0, to: pairs.count, by: batch).map { start -> Tensor in
      let part = pairs[start..<min(pairs.count, start + batch)]
      let (first, second) = (images(part.map(\.0)[...]), images(part.map(\.1)[...]))
      let mixed = withoutRecording {
        (1...steps).map { step -> Tensor in
          let share = Float(step) / Float(steps + 1)
          return network.logits(first * (1 - share) + second * share)
        }
      }
      // [steps][pairs, classes] to pair by pair.
      let classes = mixed[0].shape[1]
      return concatenated(mixed, alongAxis: 1).reshaped([part.count * steps, classes])
    }
    return concatenated(parts, alongAxis: 0)
  }
}
