import Analysis
import Foundation
import Tensors
import Testing

@Suite("Entropy solver: a layer that ignores the background")
struct IgnoredBackgroundTests {
  /// The left upper quarter of the image, four of sixteen cells.
  private let mask = Tensor(shape: [1, 8, 8, 3]) { values in
    for index in values.indices { values[index] = index / 24 < 4 && index / 3 % 8 < 4 ? 1 : 0 }
  }

  private func isForeground(_ cell: Int) -> Bool { cell / 4 < 2 && cell % 4 < 2 }

  @Test("has its background at the upper bound, and its foreground as if there were nothing else")
  func identity() {
    var small = SmallSolver()
    small.feature = { [mask] in $0 * mask }
    for map in small.solve(SmallSolver.images(3)) {
      #expect(map.isConverged)
      for (cell, sigma) in sigmas(of: map).enumerated() {
        guard isForeground(cell) else {
          #expect(abs(sigma - 3) < 1e-5, "cell \(cell)")
          continue
        }
        // Four cells of twelve values; θ of a cell is known to 0.013, see the identity layer.
        #expect(abs(log(sigma) - 0.5 * log(0.1 * 7 / (4 * 12))) < 0.08, "cell \(cell)")
      }
    }
  }

  @Test("whatever comes behind the mask")
  func anything() {
    var small = SmallSolver()
    small.variance = 40
    small.feature = { [mask] in SmallSolver.convolved($0 * mask) }
    for map in small.solve(SmallSolver.images(3)) {
      #expect(map.isConverged)
      let all = sigmas(of: map)
      for cell in 0..<16 where !isForeground(cell) { #expect(abs(all[cell] - 3) < 1e-5, "cell \(cell)") }
      for cell in 0..<16 where isForeground(cell) { #expect(all[cell] > 0.01 && all[cell] < 1, "cell \(cell)") }
      #expect(map.isUsable)
    }
  }

  @Test("and one that ignores everything sits at the bound everywhere and is not said to have converged")
  func everything() {
    var small = SmallSolver()
    small.feature = { $0 * 0 }
    for map in small.solve(SmallSolver.images(2)) {
      #expect(sigmas(of: map).allSatisfy { abs($0 - 3) < 1e-5 })
      #expect(map.distortion == 0 && !map.isConverged && !map.isUsable)
    }
  }
}
