import Plotting
import Testing

@Suite("Labels of ticks")
struct NumberTextTests {
  @Test(
    "share their decimals, and their power of ten below 1e-5 and above 1e6",
    arguments: [
      ([0.3, 0.4, 1.0], ["0.3", "0.4", "1.0"]),
      ([0.900, 0.902, 0.912], ["0.900", "0.902", "0.912"]),
      ([0, 50, 100], ["0", "50", "100"]),
      ([-0.5, 0, 0.5], ["−0.5", "0.0", "0.5"]),
      ([0, 500_000, 1_000_000], ["0", "500\u{2009}000", "1\u{2009}000\u{2009}000"]),
      ([0, 1_000_000, 2_000_000], ["0", "1×10⁶", "2×10⁶"]),
      ([-2.5e7, 0, 2.5e7], ["−2.5×10⁷", "0", "2.5×10⁷"]),
      ([1e-5, 2e-5], ["0.00001", "0.00002"]),
      ([2e-6, 4e-6], ["2×10⁻⁶", "4×10⁻⁶"]),
      ([0], ["0"]),
      ([], []),
    ])
  func labels(_ values: [Double], _ expected: [String]) {
    #expect(NumberText.labels(values) == expected)
  }

  @Test(
    "are whole numbers as they are: nothing is taken off and written beside the axis",
    arguments: [
      (0.901...0.912, ["0.900", "0.902", "0.904", "0.906", "0.908", "0.910", "0.912"]),
      (
        10_000.2...10_000.4,
        [200, 225, 250, 275, 300, 325, 350, 375, 400].map { "10\u{2009}000.\($0)" }
      ),
      (0.3...0.97, ["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]),
      (0...240, ["0", "50", "100", "150", "200", "250"]),
    ])
  func noOffset(_ range: ClosedRange<Double>, _ expected: [String]) {
    #expect(NumberText.labels(TickRule.values(range)) == expected)
  }

  @Test("of logarithmic axes are plain where all are, else powers of ten")
  func logarithmic() {
    #expect(NumberText.logarithmicLabels([0.01, 0.1, 1, 10]) == ["0.01", "0.1", "1", "10"])
    #expect(NumberText.logarithmicLabels([1e-5, 1e-4, 1]) == ["10⁻⁵", "10⁻⁴", "10⁰"])
    #expect(NumberText.logarithmicLabels([2e-5, 5e-5]) == ["2×10⁻⁵", "5×10⁻⁵"])
  }

  @Test("have no sign where they round to nothing")
  func noNegativeZero() { #expect(NumberText.fixed(-0.001, 2) == "0.00") }
}
