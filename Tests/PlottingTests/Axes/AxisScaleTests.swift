import Plotting
import Testing

@Suite("The range of an axis")
struct AxisScaleTests {
  @Test("is that of the data with 5 % on both sides")
  func margin() { #expect(AxisScale(Axis(""), extent: 10...30).domain == 9...31) }

  @Test("has no margin where it starts at zero")
  func zero() {
    #expect(AxisScale(Axis("", startsAtZero: true), extent: 10...20).domain == 0...21)
    #expect(AxisScale(Axis("", startsAtZero: true), extent: -20 ... -10).domain == -21...0)
    #expect(AxisScale(Axis("", startsAtZero: true), extent: 0...0).domain == 0...1.05)
  }

  @Test("is what the caller asks for")
  func given() { #expect(AxisScale(Axis("", range: 0...1), extent: -7...7).domain == 0...1) }

  @Test("has a length for any data", arguments: [0...0, 3...3, -1e-9 ... -1e-9, 1000...1000.0000001, 1e99...1e99])
  func length(_ extent: ClosedRange<Double>) {
    for axis in [Axis(""), Axis("", isWholeNumbers: true), Axis("", range: extent)] {
      let domain = AxisScale(axis, extent: extent).domain
      #expect(domain.upperBound > domain.lowerBound)
      #expect(domain.contains(extent.lowerBound) && domain.contains(extent.upperBound))
    }
  }

  @Test("maps equal factors to equal lengths if it is logarithmic")
  func logarithmic() {
    let scale = AxisScale(Axis("", range: 1...100, isLogarithmic: true), extent: nil)
    #expect(scale.fraction(10) == 0.5)
    #expect(scale.fraction(0) < -1)
  }
}
