/// Antialiased bilinear resampling of bytes, bit for bit that of Pillow's `resize(…, BILINEAR, box=…)`.
///
/// A triangle filter, as wide as one pixel of the coarser of both grids, along columns, then along rows; 22-bit weights,
/// rounded to bytes after each direction.
struct Resampling {
  /// The part of the source that fills the target: from `start` to `end`, in pixels, along one axis.
  struct Window: Equatable {
    var start: Double
    var end: Double
  }

  private static let bits = 22
  private let columns: Taps
  private let rows: Taps
  private let source: (height: Int, width: Int)
  private let target: (height: Int, width: Int)

  /// - Parameters:
  ///   - source: rows and columns of what is resampled.
  ///   - target: rows and columns of the result.
  ///   - vertical: which rows of the source fill the target.
  ///   - horizontal: which columns of the source fill the target.
  init(
    from source: (height: Int, width: Int), to target: (height: Int, width: Int), vertical: Window, horizontal: Window
  ) {
    self.source = source
    self.target = target
    rows = Taps(count: source.height, target.height, vertical)
    columns = Taps(count: source.width, target.width, horizontal)
  }

  /// Resamples one picture.
  ///
  /// - Parameters:
  ///   - samples: [source height, source width, channels].
  ///   - channels: samples per pixel.
  /// - Returns: [target height, target width, channels].
  func callAsFunction(_ samples: UnsafeBufferPointer<UInt8>, channels: Int) -> [UInt8] {
    let needed = rows.first..<rows.end
    let middle = columns.isIdentity ? nil : alongColumns(samples, needed, channels)
    guard !rows.isIdentity else { return middle ?? Array(samples) }
    guard let middle else { return alongRows(samples, first: 0, channels) }
    return middle.withUnsafeBufferPointer { alongRows($0, first: needed.lowerBound, channels) }
  }

  private func alongColumns(_ samples: UnsafeBufferPointer<UInt8>, _ needed: Range<Int>, _ channels: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: needed.count * target.width * channels) { result, filled in
      for row in needed {
        let from = row * source.width * channels
        let to = (row - needed.lowerBound) * target.width * channels
        for column in 0..<target.width {
          let (first, weights) = columns[column]
          for channel in 0..<channels {
            var sum = 1 << (Resampling.bits - 1)
            for (tap, weight) in weights.enumerated() {
              sum &+= Int(samples[from + (first + tap) * channels + channel]) &* weight
            }
            result[to + column * channels + channel] = Resampling.byte(sum)
          }
        }
      }
      filled = result.count
    }
  }

  private func alongRows(_ samples: UnsafeBufferPointer<UInt8>, first origin: Int, _ channels: Int) -> [UInt8] {
    let width = target.width * channels
    return [UInt8](unsafeUninitializedCapacity: target.height * width) { result, filled in
      for row in 0..<target.height {
        let (first, weights) = rows[row]
        for place in 0..<width {
          var sum = 1 << (Resampling.bits - 1)
          for (tap, weight) in weights.enumerated() {
            sum &+= Int(samples[(first - origin + tap) * width + place]) &* weight
          }
          result[row * width + place] = Resampling.byte(sum)
        }
      }
      filled = result.count
    }
  }

  private static func byte(_ sum: Int) -> UInt8 { UInt8(clamping: sum >> bits) }

  /// Which source pixels make each target pixel along one axis, and with what weights.
  private struct Taps {
    /// Whether target and source are the same pixels.
    let isIdentity: Bool
    /// The first source pixel of any target pixel, and one behind the last.
    let first: Int
    let end: Int
    private let starts: [Int]
    private let offsets: [Int]
    private let weights: [Int]

    init(count: Int, _ target: Int, _ window: Window) {
      isIdentity = count == target && window == Window(start: 0, end: Double(count))
      let scale = (window.end - window.start) / Double(target)
      let width = max(1, scale)
      var (starts, offsets, weights) = ([Int](), [0], [Int]())
      for place in 0..<target {
        let center = window.start + (Double(place) + 0.5) * scale
        let low = max(0, Int(center - width + 0.5))
        let high = min(count, Int(center + width + 0.5))
        let raw = (low..<max(low, high)).map { max(0, 1 - abs((Double($0) - center + 0.5) / width)) }
        let sum = raw.reduce(0, +)
        starts.append(low)
        weights += raw.map { Int(0.5 + (sum == 0 ? $0 : $0 / sum) * Double(1 << Resampling.bits)) }
        offsets.append(weights.count)
      }
      first = starts.first ?? 0
      end = (starts.last ?? 0) + (offsets.last ?? 0) - (offsets.dropLast().last ?? 0)
      (self.starts, self.offsets, self.weights) = (starts, offsets, weights)
    }

    subscript(place: Int) -> (first: Int, weights: ArraySlice<Int>) {
      (starts[place], weights[offsets[place]..<offsets[place + 1]])
    }
  }
}
