import Analysis
import Tensors
import Testing

@Suite("The variance of a feature")
struct FeatureVarianceTests {
  @Test("is the mean squared distance from the mean feature, however the images are grouped")
  func value() {
    let features = Tensor.normal([60, 5, 2], Philox(seed: 3)) * 2 + 100
    let values = features.floats.map(Double.init)
    let means = (0..<10).map { place in (0..<60).reduce(0) { $0 + values[$1 * 10 + place] } / 60 }
    let expected = values.indices.reduce(0) { $0 + (values[$1] - means[$1 % 10]) * (values[$1] - means[$1 % 10]) } / 60
    #expect(abs(expected / 40 - 1) < 0.2)
    for size in [1, 7, 60] {
      var variance = FeatureVariance()
      for start in stride(from: 0, to: 60, by: size) {
        variance.add(features.slice(start..<min(60, start + size), alongAxis: 0))
      }
      #expect(abs(variance.value / expected - 1) < 1e-6)
    }
  }

  @Test("of nothing, of one image or of a constant is 0")
  func degenerate() {
    var variance = FeatureVariance()
    #expect(variance.value == 0)
    variance.add(.ones([1, 4]))
    #expect(variance.value == 0)
    variance.add(.ones([5, 4]))
    #expect(variance.value == 0)
  }
}
