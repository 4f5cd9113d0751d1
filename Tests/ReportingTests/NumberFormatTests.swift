import Reporting
import Statistics
import Testing

@Suite("Numbers in a report")
struct NumberFormatTests {
  @Test(
    "have as many digits as asked for",
    arguments: [
      (0.81234, 4, "0.8123"), (12.3456, 4, "12.35"), (1234.5, 3, "1234"), (0, 4, "0"), (-0.5, 2, "−0.50"),
      (0.00012, 2, "0.00012"), (0.000012, 3, "1.20 × 10⁻⁵"), (12_345_678, 3, "1.23 × 10⁷"), (0.99996, 4, "1.000"),
      (9.9996, 4, "10.00"), (.nan, 3, "undefined"), (-.infinity, 3, "−∞"),
    ])
  func significant(_ value: Double, _ digits: Int, _ text: String) {
    #expect(NumberFormat.significant(value, digits) == text)
  }

  @Test(
    "end where their interval's second digit ends",
    arguments: [
      (0.81234, 0.8083, 0.8163, "0.8123 ± 0.0040"), (0.5, 0.4004, 0.5996, "0.50 ± 0.10"),
      (59.3, 56.2, 62.6, "59.3 ± 3.2"), (-1.25, -2.95, 0.4, "−1.2 ± 1.7"), (12_345, 11_111, 13_579, "12345 ± 1234"),
      (0.812, 0.801, 0.856, "0.812 [0.801, 0.856]"), (0.1, 0.1, 0.1, "0.1000 ± 0"),
      (1.23e-7, 1.19e-7, 1.27e-7, "(1.230 ± 0.040) × 10⁻⁷"), (3e9, 2e9, 8e9, "3.0 [2.0, 8.0] × 10⁹"),
      // Rounding is no spread.
      (10.000000000000002, 9.999999999999998, 10.000000000000006, "10.00 ± 0"),
      // An accuracy whose interval is cut at 1.
      (0.88, 0.55, 1, "0.88 [0.55, 1.00]"),
      // As many digits as show the side of zero.
      (-0.15, -0.2123, -0.0004, "−0.1500 [−0.2123, −0.0004]"), (-0.15, -0.2123, 0, "−0.15 [−0.21, 0.00]"),
      (0.104, 0.0003, 0.2077, "0.1040 ± 0.1037"), (-0.104, -0.2077, -0.0003, "−0.1040 ± 0.1037"),
      (0.001, -0.099, 0.101, "0.00 ± 0.10"), (-0.001, -0.101, 0.099, "0.00 ± 0.10"),
    ])
  func estimates(_ value: Double, _ lower: Double, _ upper: Double, _ text: String) {
    #expect(NumberFormat.estimate(Estimate(value, lower: lower, upper: upper, count: 3, method: "")) == text)
  }

  @Test("stand alone without an interval, and scale to per cent")
  func others() {
    #expect(NumberFormat.estimate(Estimate(0.81234, count: 1, method: "")) == "0.8123")
    #expect(
      NumberFormat.percent(Estimate(0.81234, lower: 0.8083, upper: 0.8163, count: 3, method: "")) == "81.23 ± 0.40 %")
    #expect(NumberFormat.percent(0.8125) == "81.2 %")
    #expect(NumberFormat.percent(1, decimals: 0) == "100 %")
  }

  @Test(
    "group thousands from five digits on",
    arguments: [
      (0, "0"), (5760, "5760"), (12_345, "12\u{202F}345"), (-272_474, "−272\u{202F}474"),
      (1_000_000, "1\u{202F}000\u{202F}000"),
      (.min, "−9\u{202F}223\u{202F}372\u{202F}036\u{202F}854\u{202F}775\u{202F}808"),
    ])
  func counts(_ count: Int, _ text: String) {
    #expect(NumberFormat.count(count) == text)
  }

  @Test(
    "give times in the units that people use",
    arguments: [
      (0.345, "0.34 s"), (4.25, "4.2 s"), (9.996, "10 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (192, "3 min 12 s"),
      (7500, "2 h 05 min"), (86_399, "24 h 00 min"), (.infinity, "∞"),
      (1e300, "277\u{202F}777\u{202F}777\u{202F}777 h 47 min"),
    ])
  func times(_ seconds: Double, _ text: String) {
    #expect(NumberFormat.duration(seconds: seconds) == text)
  }

  @Test(
    "give memory in binary units",
    arguments: [(512, "512 B"), (1536, "1.5 KiB"), (25_125_558_682, "23.4 GiB"), (.max, "16.0 EiB")])
  func memory(_ bytes: UInt64, _ text: String) {
    #expect(NumberFormat.bytes(bytes) == text)
  }
}
