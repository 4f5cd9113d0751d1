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
    let channels = set.channels
    var sums = [UInt64](repeating: 0, count: channels)
    var squares = [UInt64](repeating: 0, count: channels)
    set.pixels.withUnsafeBufferPointer { pixels in
      for channel in 0..<channels {
        var sum: UInt64 = 0
        var square: UInt64 = 0
        for index in stride(from: channel, to: pixels.count, by: channels) {
          let value = UInt64(pixels[index])
          sum &+= value
          square &+= value &* value
        }
        sums[channel] = sum
        squares[channel] = square
      }
    }
    let count = Double(max(1, set.count * set.height * set.width))
    let means = sums.map { Double($0) / count }
    let variances = zip(squares, means).map { Double($0) / count - $1 * $1 }
    self.init(
      mean: means.map { Float($0 / 255) }, std: variances.map { Float(max($0.squareRoot(), 1) / 255) })
  }
}
