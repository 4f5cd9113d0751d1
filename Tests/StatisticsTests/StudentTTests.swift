import Statistics
import Testing

/// Expected values: Tests/Golden/intervals.py (scipy 1.17.1).
@Suite("Student's t")
struct StudentTTests {
  @Test(
    "has scipy's quantiles",
    arguments: [
      (1, 0.5001, 0.0003141592756945358), (1, 0.6, 0.32491969623290634), (1, 0.975, 12.706204736174694),
      (1, 1e-06, -318309.8861827435), (1, 1e-12, -318309886183.7907), (2, 0.5001, 0.0002828427181314423),
      (2, 0.975, 4.302652729749462), (2, 0.995, 9.924843200918287), (2, 1e-12, -707106.7811854869),
      (3, 0.6, 0.2766706623326898), (3, 0.975, 3.1824463052837078), (4.5, 0.975, 2.6589123472044034),
      (4.5, 1e-06, -31.081356583149244), (10, 0.995, 3.16927267261695), (30, 0.975, 2.0422724563012378),
      (30, 1e-12, -11.397217523311413), (200, 0.6, 0.25368437919014747), (200, 1e-06, -4.897302102826782),
    ])
  func quantile(_ degrees: Double, _ probability: Double, _ expected: Double) {
    // The slope of the quantile at 0.5001 turns an ulp of the probability into 1e-12 of the value.
    let value = StudentT(degreesOfFreedom: degrees).quantile(probability)
    #expect(abs(value - expected) <= 2e-11 * abs(expected), "\(value) for \(expected)")
  }

  @Test(
    "has scipy's quantiles where lgamma of half a million costs six digits",
    arguments: [(0.975, 1.959966356814107), (0.995, 2.5758342201053344), (1e-12, -7.034572608411255)])
  func largeDegrees(_ probability: Double, _ expected: Double) {
    #expect(abs(StudentT(degreesOfFreedom: 1e6).quantile(probability) - expected) < 1e-8 * abs(expected))
  }

  @Test(
    "has scipy's cumulative probabilities, also far out in the tail",
    arguments: [
      (1, -40.0, 0.007956089912025812), (1, 0.7, 0.6944001122142147), (2, -0.001, 0.49964644669779507),
      (2, 3.0, 0.9522670168666454), (5, -40.0, 9.205981085886477e-08), (5, -2.5, 0.02724504967118813),
      (29, -40.0, 3.173438664864671e-27), (29, 0.7, 0.7552474256927582), (1000, 3.0, 0.9986166454778809),
    ])
  func cumulative(_ degrees: Double, _ t: Double, _ expected: Double) {
    let value = StudentT(degreesOfFreedom: degrees).cumulative(t)
    #expect(abs(value - expected) <= 1e-11 * expected, "\(value) for \(expected)")
  }

  @Test("is symmetric, and infinite at probabilities 0 and 1")
  func ends() {
    let t = StudentT(degreesOfFreedom: 7)
    #expect(t.quantile(0) == -.infinity)
    #expect(t.quantile(1) == .infinity)
    #expect(t.quantile(0.5) == 0)
    #expect(t.quantile(0.25) == -t.quantile(0.75))
    #expect(t.cumulative(.infinity) == 1)
    #expect(t.cumulative(-1e200) < 1e-300)
  }

  @Test(
    "gives scipy's intervals of the mean over seeds",
    arguments: [
      ([0.81, 0.83], 0.8200000000000001, 0.6929379526382538, 0.9470620473617464),
      ([0.912, 0.905, 0.921], 0.9126666666666668, 0.8927418793153009, 0.9325914540180328),
      ([3, -1, 4, 1, -5, 9, 2, 6], 2.375, -1.1982298164237197, 5.948229816423719),
    ])
  func interval(_ values: [Double], _ mean: Double, _ lower: Double, _ upper: Double) throws {
    let estimate = try #require(studentInterval(of: values, over: "seeds"))
    #expect(abs(estimate.value - mean) < 1e-13)
    #expect(abs(try #require(estimate.lower) - lower) < 1e-12)
    #expect(abs(try #require(estimate.upper) - upper) < 1e-12)
    #expect(estimate.count == values.count)
    #expect(estimate.method == "95 % Student t over \(values.count) seeds")
  }

  @Test("gives one seed a value without an interval, and no seeds nothing")
  func tooFew() throws {
    let one = try #require(studentInterval(of: [0.7], over: "seeds"))
    #expect(one.value == 0.7 && one.lower == nil && one.upper == nil && one.count == 1 && one.halfWidth == nil)
    #expect(one.sign == 0)
    #expect(studentInterval(of: []) == nil)
  }

  @Test("takes paired differences pair by pair")
  func paired() throws {
    let estimate = try #require(pairedDifference(of: [1.912, 1.905, 1.921], minus: [1, 1, 1]))
    #expect(abs(try #require(estimate.lower) - 0.8927418793153009) < 1e-12)
    #expect(estimate.sign == 1)
    #expect(try #require(pairedDifference(of: [1, 1, 1], minus: [1.912, 1.905, 1.921])).sign == -1)
  }

  @Test("cuts the interval of the mean where its quantity ends, and keeps the mean")
  func ranges() throws {
    let accuracy = try #require(studentInterval(of: [0.9, 1, 0.74], over: "seeds", within: QuantityRange.share))
    #expect(accuracy.upper == 1 && abs(accuracy.value - 0.88) < 1e-12)
    // 0.88 − t(0.975; 2) · s / √3, scipy 1.17.1.
    #expect(abs((accuracy.lower ?? 0) - 0.5542083933859392) < 1e-12)
    let loss = try #require(studentInterval(of: [0.1, 9], within: QuantityRange.nonnegative))
    #expect(loss.lower == 0 && (loss.upper ?? 0) > 50)
    let difference = try #require(
      pairedDifference(of: [1, 0.1], minus: [0.1, 0.9], within: QuantityRange.correlation))
    #expect(difference.lower == -1 && difference.upper == 1)
  }

  @Test("gives equal values no spread that is rounding alone")
  func rounding() throws {
    let equal = try #require(studentInterval(of: [0.1, 0.1, 0.1], over: "seeds"))
    #expect(equal.lower == equal.value && equal.upper == equal.value && equal.halfWidth == 0)
    let apart = try #require(studentInterval(of: [0.1, 0.1, 0.100_000_01], over: "seeds"))
    #expect((apart.halfWidth ?? 0) > 1e-9)
  }

  @Test(
    "has a range by a column's name, unless its values lie elsewhere",
    arguments: [
      ("development_accuracy", [0.2, 1], QuantityRange.share), ("accuracy", [20, 88], QuantityRange.nonnegative),
      ("development loss (nats)", [0.1], QuantityRange.nonnegative), ("cka", [-0.1], QuantityRange.correlation),
      ("calibration_error", [0.1], QuantityRange.share), ("loss", [-1], QuantityRange.unbounded),
      ("accuracy difference", [0.1], QuantityRange.unbounded), ("temperature", [3], QuantityRange.unbounded),
    ])
  func names(_ name: String, _ values: [Double], _ range: ClosedRange<Double>) {
    #expect(QuantityRange.named(name, values: values) == range)
  }
}
