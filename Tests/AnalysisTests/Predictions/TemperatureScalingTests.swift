import Analysis
import Foundation
import Testing

@Suite("Temperature scaling")
struct TemperatureScalingTests {
  @Test("has a closed form for two classes: one wrong of four gives T = margin / ln 3")
  func closedForm() throws {
    // Three right and one wrong with the same margin m: the likelihood peaks where σ(m/T) = 3/4.
    let logits: [Float] = [2, 0, 2, 0, 2, 0, 2, 0]
    let fit = try #require(TemperatureScaling.fit(logits: logits, labels: [0, 0, 0, 1], classes: 2))
    #expect(abs(fit.temperature - 2 / log(3)) < 1e-9 && !fit.isAtEndOfRange)
  }

  @Test(
    "says that it is at the end of its range where nothing fits best",
    arguments: [
      // All right: colder is better for ever. The last has margins at which rounding alone would decide.
      ([3, 0, 0, 0, 3, 0], [0, 1], 3, 0.01), ([2000, 0, 0, 0, 1999.5, 0], [0, 1], 3, 0.01),
      ([0.1, 0.3, 0.7, 0.1, 0.7, 0.3], [2, 1], 3, 0.01),
      // So far apart that the slope is exactly 0 at every temperature.
      ([1e20, 0, 0, 0, 1e20, 0], [0, 1], 3, 0.01), ([1e20, 0, 0, 0, 1e20, 0], [1, 0], 3, 100),
      // Worse than guesses: hotter is better for ever.
      ([3, 0, 0, 0, 3, 0], [1, 0], 3, 100),
      // No difference between classes: every temperature is as good.
      ([1, 1, 1, 1], [0, 1], 2, 100),
    ] as [([Float], [Int], Int, Double)])
  func ends(_ logits: [Float], _ labels: [Int], _ classes: Int, _ expected: Double) throws {
    let fit = try #require(TemperatureScaling.fit(logits: logits, labels: labels, classes: classes))
    #expect(fit == TemperatureScaling.fit(logits: logits, labels: labels, classes: classes))
    #expect(fit.isAtEndOfRange && fit.temperature == expected)
  }

  @Test("fits nothing to no images")
  func none() { #expect(TemperatureScaling.fit(logits: [], labels: [], classes: 3) == nil) }
}
