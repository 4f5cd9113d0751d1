import Datasets
import Testing

@Suite("Stratified samples") struct StratifiedSamplesTests {
  /// 10 % of class 0, 30 % of class 1, 60 % of class 2.
  private let labels: [Int32] = (0..<1000).map { $0 % 10 == 0 ? 0 : $0 % 10 < 4 ? 1 : 2 }

  private func counts(_ sample: [Int]) -> [Int] { (0..<3).map { k in sample.count { labels[$0] == k } } }

  @Test("samples are disjoint, of the sizes asked for, and keep the proportions")
  func proportions() {
    let samples = stratifiedSamples(of: labels, sizes: [100, 333, nil], seed: 4)
    #expect(samples.map(\.count) == [100, 333, 567])
    #expect(Set(samples.joined()) == Set(0..<1000))
    #expect(counts(samples[0]) == [10, 30, 60])
    for (count, exact) in zip(counts(samples[1]), [33.3, 99.9, 199.8]) { #expect(abs(Double(count) - exact) < 1) }
  }

  @Test("the same seed chooses the same images, another seed others")
  func determinism() {
    let first = stratifiedSamples(of: labels, sizes: [100], seed: 4)
    #expect(stratifiedSamples(of: labels, sizes: [100], seed: 4) == first)
    #expect(stratifiedSamples(of: labels, sizes: [100], seed: 5) != first)
  }
}
