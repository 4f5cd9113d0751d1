import Analysis
import Foundation
import Tensors

/// A solver over images of 8×8 pixels in 4×4 cells, for layers whose answer is known.
struct SmallSolver {
  var settings = EntropySettings(distortion: 0.1, grid: 4)
  var grid = CellGrid(rows: 4, columns: 4, height: 8, width: 8)
  var deviation: [Float] = [1, 1, 1]
  var variance = 7.0
  var seed: UInt64 = 1
  var start = 0.05
  var feature: (Tensor) -> Tensor = { $0 }

  var solver: EntropySolver {
    EntropySolver(
      settings, grid: grid, deviation: deviation, variance: variance, random: Philox(seed: seed).split(.noise),
      start: start, feature: feature)
  }

  /// Maps of images that are told apart by their places.
  func solve(_ images: Tensor, identifiers: [Int]? = nil) -> [EntropyMap] {
    solver.solve(images, identifiers: identifiers ?? Array(0..<images.shape[0]))
  }

  /// Random images.
  static func images(_ count: Int, channels: Int = 3) -> Tensor { .normal([count, 8, 8, channels], Philox(seed: 5)) }

  /// A small layer that is not linear: a convolution, a ReLU, and sums over what overlaps.
  static let convolved: @Sendable (Tensor) -> Tensor = {
    let weight = Tensor.normal([6, 3, 3, 3], Philox(seed: 8))
    return { convolution($0, weight, padding: 1).relu() }
  }()
}

/// Root of the mean squared difference of two maps' entropies, nats.
func difference(_ a: EntropyMap, _ b: EntropyMap) -> Double {
  let squares = zip(a.entropies, b.entropies).map { Double($0 - $1) * Double($0 - $1) }
  return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
}

/// σ of every cell.
func sigmas(of map: EntropyMap) -> [Double] { map.entropies.map { exp(Double($0) - EntropySolver.unitEntropy) } }
