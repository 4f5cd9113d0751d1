import Support

/// Mean and spread per channel of pixels scaled to [0, 1]; a network sees (pixel − mean) / std.
public struct Normalization: Sendable, Equatable, Codable {
  /// [C], in units of pixels scaled to [0, 1].
  public var mean: [Float]
  /// [C], positive, in units of pixels scaled to [0, 1].
  public var std: [Float]

  /// - Parameters:
  ///   - mean: one value per channel.
  ///   - std: one positive value per channel.
  public init(mean: [Float], std: [Float]) {
    precondition(
      mean.count == std.count && std.allSatisfy { $0 > 0 },
      "Normalization: means \(mean) and deviations \(std)")
    self.mean = mean
    self.std = std
  }

  /// Mean and standard deviation of each channel over all pixels of a set.
  ///
  /// The sums are exact (integers). A constant channel gets the deviation of one grey level, so that it stays finite.
  public init(of set: ImageSet) {
    var sums = ChannelSums(channels: set.channels)
    if set.isInMemory {
      set.pixels.withUnsafeBufferPointer { sums.add($0) }
    } else {
      for index in 0..<set.count { set.withImage(index) { sums.add($0) } }
    }
    self.init(sums)
  }

  init(_ sums: ChannelSums) {
    let count = Double(max(1, sums.count))
    let means = sums.sums.map { Double($0) / count }
    let variances = zip(sums.squares, means).map { Double($0) / count - $1 * $1 }
    self.init(
      mean: means.map { Float($0 / 255) }, std: variances.map { Float(max($0.squareRoot(), 1) / 255) })
  }
}

/// Exact sums of pixels and of their squares, channel by channel.
struct ChannelSums {
  /// Pixels so far.
  private(set) var count = 0
  private(set) var sums: [UInt64]
  private(set) var squares: [UInt64]

  init(channels: Int) {
    sums = Array(repeating: 0, count: channels)
    squares = sums
  }

  /// Takes in pixels, channels last.
  mutating func add(_ pixels: UnsafeBufferPointer<UInt8>) {
    let channels = sums.count
    count += pixels.count / channels
    for channel in 0..<channels {
      var sum: UInt64 = 0
      var square: UInt64 = 0
      for index in stride(from: channel, to: pixels.count, by: channels) {
        let value = UInt64(pixels[index])
        sum &+= value
        square &+= value &* value
      }
      sums[channel] += sum
      squares[channel] += square
    }
  }
}
