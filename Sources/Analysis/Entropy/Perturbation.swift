import Tensors

/// The kernels around a network: noise into images, and gradients of images back to cells.
package struct Perturbation: Sendable {
  /// Cells over pixels.
  package let grid: CellGrid
  let channels: Int
  /// 1 / standard deviation of each colour: noise is added before normalisation.
  let scale: [Float]
  private let pixels: Int

  /// - Parameters:
  ///   - grid: cells over pixels.
  ///   - scale: 1 / standard deviation of each colour.
  package init(grid: CellGrid, scale: [Float]) {
    self.grid = grid
    self.scale = scale
    channels = scale.count
    pixels = grid.height * grid.width
  }

  private var rowLength: Int { pixels * channels }

  /// Fills `noise` with σ∘ε / deviation and `perturbed` with image + noise, one row per draw.
  ///
  /// - Parameters:
  ///   - images: normalised images, [images, height, width, channels].
  ///   - theta: ln σ of every cell of every image.
  ///   - rows: image and random stream of every row.
  ///   - noise: is written, [rows, height, width, channels].
  ///   - perturbed: is written, of the same shape.
  ///   - draws: whether ε is drawn from the rows' streams; otherwise `noise` holds it.
  package func perturb(
    _ images: Tensor, _ theta: [[Double]], rows: [(image: Int, stream: Philox)], noise: Tensor, perturbed: Tensor,
    draws: Bool = true
  ) {
    let sigmas = theta.map { $0.map { Float(exponential($0)) } }
    let (length, channels, scale, cells, pixels) = (rowLength, channels, scale, grid.cellOfPixel, pixels)
    images.withFloats { source in
      noise.mutate { noises in
        perturbed.mutate { targets in
          nonisolated(unsafe) let (source, noises, targets) = (source, noises, targets)
          parallelFor(count: rows.count) { range in
            for row in range {
              let line = UnsafeMutableBufferPointer(rebasing: noises[row * length..<(row + 1) * length])
              if draws { rows[row].stream.fillNormal(line) }
              let sigma = sigmas[rows[row].image]
              let image = source[rows[row].image * length..<(rows[row].image + 1) * length]
              var place = 0
              for pixel in 0..<pixels {
                let s = sigma[Int(cells[pixel])]
                for channel in 0..<channels {
                  let step = line[place] * s * scale[channel]
                  line[place] = step
                  targets[row * length + place] = image[image.startIndex + place] + step
                  place += 1
                }
              }
            }
          }
        }
      }
    }
  }

  /// Squared distance of each row's feature from its image's, divided by δ²; and its gradient, ready as upstream.
  ///
  /// - Parameters:
  ///   - features: of the perturbed images, one row per draw.
  ///   - clean: of the images themselves, one row per image.
  ///   - images: image of each row.
  ///   - variance: δ².
  ///   - upstream: gets 2 (h(x′) − h(x)) / δ²; nil where no gradient is needed.
  /// - Returns: ‖h(x′) − h(x)‖² / δ² of each row.
  package func distances(_ features: Tensor, _ clean: Tensor, images: [Int], variance: Double, upstream: Tensor?)
    -> [Double]
  {
    let length = features.count / max(1, images.count)
    let factor = Float(2 / variance)
    var result = Array(repeating: 0.0, count: images.count)
    features.withFloats { moved in
      clean.withFloats { still in
        result.withUnsafeMutableBufferPointer { results in
          nonisolated(unsafe) let (moved, still, results) = (moved, still, results)
          nonisolated(unsafe) let gradient = upstream.map { tensor in tensor.mutate { $0 } }
          parallelFor(count: images.count) { range in
            for row in range {
              let a = UnsafeBufferPointer(rebasing: moved[row * length..<(row + 1) * length])
              let b = UnsafeBufferPointer(rebasing: still[images[row] * length..<(images[row] + 1) * length])
              results[row] = squaredDistance(a, b) / variance
              guard let gradient else { continue }
              for i in 0..<length { gradient[row * length + i] = factor * (a[i] - b[i]) }
            }
          }
        }
      }
    }
    return result
  }

  /// Σ over pixels and colours of a cell of gradient · noise: ∂D/∂θ of each row.
  package func cellGradients(_ gradient: Tensor, noise: Tensor, rows: Int) -> [[Double]] {
    let (length, channels, cells, pixels, count) = (rowLength, channels, grid.cellOfPixel, pixels, grid.count)
    var flat = Array(repeating: 0.0, count: rows * count)
    gradient.withFloats { gradients in
      noise.withFloats { noises in
        flat.withUnsafeMutableBufferPointer { results in
          nonisolated(unsafe) let (gradients, noises, results) = (gradients, noises, results)
          parallelFor(count: rows) { range in
            for row in range {
              var place = row * length
              for pixel in 0..<pixels {
                var sum: Float = 0
                for _ in 0..<channels {
                  sum += gradients[place] * noises[place]
                  place += 1
                }
                results[row * count + Int(cells[pixel])] += Double(sum)
              }
            }
          }
        }
      }
    }
    return (0..<rows).map { Array(flat[$0 * count..<($0 + 1) * count]) }
  }
}

/// In single precision over runs of 64, added up in double: fast, and exact to the last digits of a float.
@inline(__always)
private func squaredDistance(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
  let (first, second) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
  let whole = a.count / 64 * 64
  var total = 0.0
  for run in stride(from: 0, to: whole, by: 64) {
    var lanes = SIMD8<Float>()
    for i in stride(from: 4 * run, to: 4 * (run + 64), by: 32) {
      let x = first.loadUnaligned(fromByteOffset: i, as: SIMD8<Float>.self)
      let d = x - second.loadUnaligned(fromByteOffset: i, as: SIMD8<Float>.self)
      lanes += d * d
    }
    total += Double(lanes.sum())
  }
  for i in whole..<a.count { total += Double((a[i] - b[i]) * (a[i] - b[i])) }
  return total
}
