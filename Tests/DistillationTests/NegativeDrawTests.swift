import Distillation
import Tensors
import Testing

@Suite("Negatives of CRD")
struct NegativeDrawTests {
  private let labels = (0..<60).map { [2, 0, 1, 1, 2, 1][$0 % 6] }

  private func drawn(_ count: Int, besides label: Int, _ stream: Int, _ draw: inout NegativeDraw) -> [Int] {
    var generator = RandomGenerator(Philox(seed: 1).split(.method, stream))
    return [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
      draw.write(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]), besides: label, using: &generator)
      initialized = count
    }
  }

  @Test("are all images of other classes equally often, each once", arguments: [3, 5, 12, 30])
  func once(count: Int) {
    var draw = NegativeDraw(ClassMembers(labels))
    for label in 0..<3 {
      var times = [Int](repeating: 0, count: 60)
      for stream in 0..<4_000 {
        let found = drawn(count, besides: label, stream, &draw)
        #expect(Set(found).count == count && found.allSatisfy { labels[$0] != label })
        for index in found { times[index] += 1 }
      }
      let others = times.indices.filter { labels[$0] != label }
      let expected = Double(4_000 * count) / Double(others.count)
      // Five deviations of a binomial count.
      #expect(others.allSatisfy { abs(Double(times[$0]) - expected) < 5 * expected.squareRoot() })
    }
  }

  @Test("come more than once only where there are fewer images")
  func replacement() {
    var draw = NegativeDraw(ClassMembers(labels))
    let found = drawn(45, besides: 1, 1, &draw)
    #expect(found.count == 45 && found.allSatisfy { labels[$0] != 1 } && Set(found).count < 45)
    #expect(found == drawn(45, besides: 1, 1, &draw) && found != drawn(45, besides: 1, 2, &draw))
  }
}
