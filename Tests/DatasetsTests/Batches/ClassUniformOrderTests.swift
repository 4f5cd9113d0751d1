import Datasets
import Testing

@Suite("Batches drawn by classes")
struct ClassUniformOrderTests {
  /// Classes of different sizes, mixed.
  private static let labels = (0..<10).flatMap { label in Array(repeating: label, count: 4 + 2 * label) }
    .enumerated().sorted { ($0.offset * 37 % 130, $0.offset) < ($1.offset * 37 % 130, $1.offset) }.map(\.element)

  private func batches(_ batch: Int, of each: Int, seed: UInt64 = 3, epoch: Int = 0) -> [[Int]] {
    let order = BatchMaker.classUniformOrder(
      labels: Self.labels, steps: 9, batch: batch, imagesPerClass: each, seed: seed, epoch: epoch)
    #expect(order.count == 9 * batch)
    return stride(from: 0, to: order.count, by: batch).map { Array(order[$0..<$0 + batch]) }
  }

  @Test(
    "hold as many images of each of as many classes as fit, none twice",
    arguments: [(16, 4), (12, 2), (10, 1), (40, 4), (4, 4)])
  func batch(_ batch: Int, _ each: Int) {
    for images in batches(batch, of: each) {
      #expect(Set(images).count == batch)
      let counts = Dictionary(grouping: images) { Self.labels[$0] }.mapValues(\.count)
      #expect(counts.count == batch / each && counts.values.allSatisfy { $0 == each })
    }
  }

  @Test(
    "take all classes equally often in an epoch, and the images of a class", arguments: [(16, 4), (12, 2), (10, 1)])
  func evenly(_ batch: Int, _ each: Int) {
    func spread(_ counts: some Collection<Int>) -> Int { (counts.max() ?? 0) - (counts.min() ?? 0) }
    let all = batches(batch, of: each).flatMap { $0 }
    let ofClasses = (0..<10).map { label in all.count { Self.labels[$0] == label } / each }
    #expect(spread(ofClasses) <= 1)
    for label in 0..<10 {
      let members = Self.labels.indices.filter { Self.labels[$0] == label }
      #expect(spread(members.map { image in all.count { $0 == image } }) <= 1)
    }
  }

  @Test("are the same for a seed and an epoch, and others for other ones")
  func repeats() {
    let first = batches(16, of: 4)
    #expect(batches(16, of: 4) == first)
    #expect(batches(16, of: 4, seed: 4) != first)
    #expect(batches(16, of: 4, epoch: 1) != first)
  }
}
