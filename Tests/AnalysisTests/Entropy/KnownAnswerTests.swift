import Analysis
import Foundation
import Tensors
import Testing

@Suite("Entropy solver: known answers")
struct KnownAnswerTests {
  private let settings = EntropySettings(distortion: 0.1, grid: 4)
  private let grid = CellGrid(rows: 4, columns: 4, height: 8, width: 8)

  private func solve(
    _ images: Tensor, variance: Double, seed: UInt64 = 1, start: Double = 0.05, settings: EntropySettings? = nil,
    grid: CellGrid? = nil, _ feature: @escaping (Tensor) -> Tensor
  ) -> [EntropyMap] {
    let deviation = Array(repeating: Float(1), count: images.shape[3])
    return EntropySolver(
      settings ?? self.settings, grid: grid ?? self.grid, deviation: deviation, variance: variance,
      random: Philox(seed: seed).split(.noise), start: start, feature: feature
    ).solve(images, identifiers: Array(0..<images.shape[0]))
  }

  @Test("the identity layer gives σ² = τδ²/(n m) in every cell")
  func identity() {
    let images = Tensor.normal([3, 8, 8, 3], Philox(seed: 5))
    let maps = solve(images, variance: 7) { $0 }
    // 16 cells of 4 pixels and 3 colours: m = 12.
    let expected = 0.5 * log(0.1 * 7 / (16 * 12)) + EntropySolver.unitEntropy
    for map in maps {
      #expect(map.isConverged)
      // 256 draws of 12 normal numbers each: σ² of a cell is known to √(2/3072) = 2.6 %, so θ to 0.013 at one deviation.
      for entropy in map.entropies { #expect(abs(Double(entropy) - expected) < 0.08) }
      let mean = map.entropies.reduce(0) { $0 + Double($1) } / 16
      #expect(abs(mean - expected) < 0.02)
    }
  }

  @Test(
    "a linear layer gives σ_i² = τδ²/(n′‖W_i‖²), and cells without influence sit at the upper bound",
    arguments: [0, 50, 90])
  func linearLayer(zeroPercent: Int) {
    // One pixel and one colour a cell; 40 cells in a row.
    let cells = 40
    let zeros = cells * zeroPercent / 100
    let weight = Tensor(shape: [cells, 24]) { values in
      var random = RandomGenerator(Philox(seed: 9))
      for cell in 0..<cells {
        let size = cell < zeros ? 0 : 0.2 + 2 * random.uniform()
        for j in 0..<24 { values[cell * 24 + j] = size * (random.uniform() - 0.5) }
      }
    }
    let norms: [Double] = weight.squared().sum(alongAxes: [1]).floats.map { Double($0) }
    let row = CellGrid(rows: 1, columns: cells, height: 1, width: cells)
    let images = Tensor.normal([2, 1, cells, 1], Philox(seed: 3))
    // D of one draw over four cells varies by √(2/4) = 71 %: two rounds of 32,768 draws know it to 0.3 %.
    let long = EntropySettings(distortion: 0.1, grid: 4, iterations: 40, draws: 64, scalingDraws: 32768)
    let maps = solve(images, variance: 3, settings: long, grid: row) {
      matrixProduct($0.reshaped([$0.shape[0], cells]), weight)
    }
    for map in maps {
      var distortion = 0.0
      for cell in 0..<cells {
        let sigma = exp(Double(map.entropies[cell]) - EntropySolver.unitEntropy)
        distortion += sigma * sigma * norms[cell] / 3
        guard cell >= zeros else {
          #expect(abs(sigma - 3) < 1e-3)
          continue
        }
        let expected = 0.5 * log(0.1 * 3 / (Double(cells - zeros) * norms[cell]))
        #expect(abs(log(sigma) - expected) < 0.1, "cell \(cell)")
      }
      #expect(abs(distortion / 0.1 - 1) < 0.01)
    }
  }
}
