import Analysis
import NeuralNetworks
import Tensors
import Testing

/// Logits of any finite size, against PyTorch's `log_softmax` in float64.
@Suite("Predictions of large logits")
struct LargeLogitTests {
  /// Rows of ten logits and what PyTorch makes of the label 3: −log p, and Σ (p − 1[label])².
  static let rows: [(logits: [Float], likelihood: Double, brier: Double)] = [
    (Array(repeating: 1e30, count: 10), 2.302585092994046, 0.9),
    ([1e30] + Array(repeating: 0, count: 9), Double(Float(1e30)), 2),
    ([0, 0, 0, 1e30] + Array(repeating: 0, count: 6), 0, 0),
    ([-1e30, 0, 0, 0] + Array(repeating: -1e30, count: 6), 1.0986122886681098, 2.0 / 3),
    ([-1e30, 1e30, 0, -1e30] + Array(repeating: 5, count: 6), 2 * Double(Float(1e30)), 2),
    ([300, 300.5, 301, 299] + Array(repeating: 0, count: 6), 2.746567269173791, 1.2135427817110096),
  ]

  @Test("have PyTorch's likelihood and Brier score", arguments: rows)
  func predictions(_ row: (logits: [Float], likelihood: Double, brier: Double)) {
    let found = Predictions(logits: row.logits, labels: [3], classes: 10)
    #expect(abs(found.negativeLogLikelihood - row.likelihood) <= 1e-9 * max(1, row.likelihood))
    #expect(abs(found.brierScore - row.brier) <= 1e-8 && (0...2).contains(found.brierScore))
    let engine = crossEntropy(Tensor(row.logits, shape: [1, 10]), [3])
    #expect(abs(Double(engine.item) - row.likelihood) <= 1e-6 * max(1, row.likelihood))
    #expect(TemperatureScaling.fit(logits: row.logits, labels: [3], classes: 10)?.temperature.isFinite == true)
  }
}
