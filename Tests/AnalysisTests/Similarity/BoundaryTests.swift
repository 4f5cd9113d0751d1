import Analysis
import Models
import Tensors
import Testing

@Suite("Borders between classes")
struct BoundaryTests {
  @Test("are looked for between pairs of different images, the same ones for a seed", arguments: [2, 3, 50])
  func pairs(_ count: Int) {
    let pairs = Boundaries.pairs(among: count, seed: 4)
    #expect(pairs.count == 200)
    for (first, second) in pairs {
      #expect(first != second && (0..<count).contains(first) && (0..<count).contains(second))
    }
    #expect(Boundaries.pairs(among: count, seed: 4).map(\.0) == pairs.map(\.0))
    #expect(Boundaries.pairs(among: count, seed: 5).map(\.0) != pairs.map(\.0))
    #expect(Set(pairs.flatMap { [$0.0, $0.1] }).count == min(count, 50))
    #expect(Boundaries.pairs(among: 1, seed: 4).isEmpty)
  }

  @Test("are those of the mixtures, pair by pair, step by step, in any batch", arguments: [1, 2, 64])
  func mixtures(_ batch: Int) throws {
    let network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 4, height: 8, width: 8), seed: 2)
    network.freeze()
    let images = Tensor.normal([4, 8, 8, 3], Philox(seed: 3))
    let found = Boundaries.logits(of: network, between: [(0, 3), (2, 1), (3, 2)], batch: batch) {
      images.rows(Array($0))
    }
    #expect(found.shape == [27, 4])
    let values = images.floats
    for (pair, ends) in [(0, 3), (2, 1), (3, 2)].enumerated() {
      for step in 1...9 {
        let share = Float(step) / 10
        let mixed = (0..<192).map { values[ends.0 * 192 + $0] * (1 - share) + values[ends.1 * 192 + $0] * share }
        let expected = network.logits(Tensor(mixed, shape: [1, 8, 8, 3])).floats
        let row = Array(found.floats[((pair * 9 + step - 1) * 4)..<((pair * 9 + step) * 4)])
        for (one, other) in zip(row, expected) { #expect(abs(one - other) <= 1e-4) }
      }
    }
  }
}
