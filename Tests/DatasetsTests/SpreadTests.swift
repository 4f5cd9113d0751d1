import Datasets
import Testing

@Suite("Images that are spread over a set")
struct SpreadTests {
  /// A picture of one pixel for each label.
  private func set(_ labels: [Int32]) -> ImageSet {
    ImageSet(
      name: "spread", height: 1, width: 1, channels: 1, classes: ["a", "b", "c", "d", "e"],
      pixels: labels.indices.map { UInt8($0) }, labels: labels)
  }

  private func counts(_ set: ImageSet) -> [Int] { (0..<5).map { label in set.labels.count { Int($0) == label } } }

  @Test("are of all classes alike, whatever order the classes stand in", arguments: [5, 10, 20, 25, 50])
  func alike(_ count: Int) {
    let round = set((0..<100).map { Int32($0 % 5) })
    let sorted = set((0..<100).map { Int32($0 / 20) })
    for set in [round, sorted] { #expect(counts(set.spread(count)) == Array(repeating: count / 5, count: 5)) }
  }

  @Test("have the set's shares to a whole image, stand in its order, and each is there once")
  func shares() {
    let set = set((0..<90).map { $0 < 60 ? 0 : Int32($0 % 5) })
    for count in 1...90 {
      let indices = set.spreadIndices(count)
      #expect(indices.count == count && indices == Set(indices).sorted())
      for (found, all) in zip(counts(set.spread(count)), counts(set)) {
        #expect(abs(Double(found) - Double(all * count) / 90) < 1, "\(count)")
      }
    }
    #expect(set.spreadIndices(1000) == Array(0..<90) && set.spreadIndices(0).isEmpty)
  }
}
