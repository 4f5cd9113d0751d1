import Support

/// Pooling over any windows that are a product of rows and columns: what oneDNN's pooling does not have.
struct WindowedPooling: Sendable {
  let rows: PoolingWindows
  let columns: PoolingWindows
  let input: Shape

  private var height: Int { input[1] }
  private var width: Int { input[2] }
  private var channels: Int { input[3] }
  private var output: Shape { [input[0], rows.ranges.count, columns.ranges.count, channels] }

  /// The mean of each window.
  func averages(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: output)
    nonisolated(unsafe) let (source, target) = (x.base, result.base)
    let rowLength = columns.ranges.count * channels
    parallelFor(count: input[0] * rows.ranges.count, grain: max(1, elementGrain / max(1, rowLength))) { places in
      for place in places {
        let (n, row) = place.quotientAndRemainder(dividingBy: rows.ranges.count)
        for (column, inputs) in columns.ranges.enumerated() {
          let sum = target + place * rowLength + column * channels
          for c in 0..<channels { sum[c] = 0 }
          for h in rows.ranges[row] {
            for w in inputs {
              let values = source + ((n * height + h) * width + w) * channels
              for c in 0..<channels { sum[c] += values[c] }
            }
          }
          let factor = 1 / (rows.divisors[row] * columns.divisors[column])
          for c in 0..<channels { sum[c] *= factor }
        }
      }
    }
    return result.recorded("windowedAverage", [x], isRecordable: true) { [shares(of: $0)] }
  }

  /// What each input gets of a gradient of the means; linear, so that its own derivative is the means again.
  private func shares(of gradient: Tensor) -> Tensor {
    let source = gradient.base
    let result = spread { n, h, row, target in
      for column in columns.ranges.indices {
        let factor = 1 / (rows.divisors[row] * columns.divisors[column])
        let values = source + ((n * rows.ranges.count + row) * columns.ranges.count + column) * channels
        for w in columns.ranges[column] {
          for c in 0..<channels { target[w * channels + c] += factor * values[c] }
        }
      }
    }
    return result.recorded("windowedAverageGradient", [gradient], isRecordable: true) { [averages($0)] }
  }

  /// The largest value of each window, the first where several are.
  func maxima(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: output)
    let winners = Storage(count: output.count)
    nonisolated(unsafe) let (source, target) = (x.base, result.base)
    nonisolated(unsafe) let places = winners.raw.assumingMemoryBound(to: Int32.self)
    let rowLength = columns.ranges.count * channels
    parallelFor(count: input[0] * rows.ranges.count, grain: max(1, elementGrain / max(1, rowLength))) { outputs in
      for row in outputs {
        let (n, r) = row.quotientAndRemainder(dividingBy: rows.ranges.count)
        for (column, inputs) in columns.ranges.enumerated() {
          let best = target + row * rowLength + column * channels
          let place = places + row * rowLength + column * channels
          for c in 0..<channels { best[c] = -.infinity }
          for c in 0..<channels { place[c] = Int32(rows.ranges[r].lowerBound * width + inputs.lowerBound) }
          for h in rows.ranges[r] {
            for w in inputs {
              let values = source + ((n * height + h) * width + w) * channels
              for c in 0..<channels where values[c] > best[c] || values[c].isNaN {
                best[c] = values[c]
                place[c] = Int32(h * width + w)
              }
            }
          }
        }
      }
    }
    return result.recorded("windowedMaximum", [x], isRecordable: true) { [returned($0, winners)] }
  }

  /// A gradient of the maxima, back where they came from.
  private func returned(_ gradient: Tensor, _ winners: Storage) -> Tensor {
    let source = gradient.base
    let result = spread { n, h, row, target in
      let start = (n * rows.ranges.count + row) * columns.ranges.count * channels
      let places = winners.raw.assumingMemoryBound(to: Int32.self) + start
      for i in 0..<columns.ranges.count * channels where Int(places[i]) / width == h {
        target[Int(places[i]) % width * channels + i % channels] += source[start + i]
      }
    }
    return result.recorded("windowedMaximumGradient", [gradient], isRecordable: true) { [taken($0, from: winners)] }
  }

  /// An input-shaped tensor's values where the maxima came from: the derivative of their gradient.
  private func taken(_ values: Tensor, from winners: Storage) -> Tensor {
    let result = Tensor(uninitialized: output)
    nonisolated(unsafe) let (source, target) = (values.base, result.base)
    nonisolated(unsafe) let places = winners.raw.assumingMemoryBound(to: Int32.self)
    let rowLength = columns.ranges.count * channels
    parallelFor(count: input[0] * rows.ranges.count, grain: max(1, elementGrain / max(1, rowLength))) { outputs in
      for row in outputs {
        let image = source + row / rows.ranges.count * height * width * channels
        for i in row * rowLength..<(row + 1) * rowLength {
          target[i] = image[Int(places[i]) * channels + i % channels]
        }
      }
    }
    return result.recorded("windowedMaximumAgain", [values], isRecordable: true) { [returned($0, winners)] }
  }

  /// An input-shaped sum, one input row at a time, over the rows of windows that see it.
  private func spread(
    _ add: (_ n: Int, _ h: Int, _ row: Int, _ target: UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let result = Tensor.zeros(input)
    nonisolated(unsafe) let target = result.base
    withoutActuallyEscaping(add) { add in
      nonisolated(unsafe) let add = add
      parallelFor(count: input[0] * height, grain: max(1, elementGrain / max(1, width * channels))) { lines in
        for line in lines {
          let (n, h) = line.quotientAndRemainder(dividingBy: height)
          for row in rows.seenBy[h] { add(n, h, row, target + line * width * channels) }
        }
      }
    }
    return result
  }
}
