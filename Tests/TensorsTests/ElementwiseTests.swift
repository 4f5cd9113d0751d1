import Tensors
import TestSupport
import Testing

@Suite("Element by element", .tags(.golden))
struct ElementwiseTests {
  /// A few roundings, or one of the C library's functions (error up to 2 units in the last place, 1.2e-7).
  private let few = Tolerance(relative: 5e-7)

  /// Where 1 is added to or taken from something near ∓1 (tanh' = 1 − y², Φ = 1 + erf, …), the absolute error is that
  /// of a number near 1, times the upstream or |x|: up to 60 here.
  private let cancelling = Tolerance(relative: 5e-7, absolute: 2e-7)
  private let cancellingGradients = Tolerance(relative: 1e-6, absolute: 3e-6)

  @Test("functions have PyTorch's values and gradients", arguments: try Golden.cases("elementwise"))
  func golden(_ golden: GoldenCase) throws {
    if let function = ElementwiseTests.exact[golden.operation] {
      // Summing gradients over broadcast axes cancels.
      return try golden.hold(few, gradients: Tolerance(relative: 1e-6, ofLargest: 2e-7), function)
    }
    switch golden.operation {
    case "leaky-relu":
      let slope = Float(try golden.number("slope"))
      try golden.hold(few) { $0[0].leakyRelu(slope: slope) }
    case "elu":
      let alpha = Float(try golden.number("alpha"))
      try golden.hold(few, gradients: cancellingGradients) { $0[0].elu(alpha: alpha) }
    case "gelu":
      try golden.hold(Tolerance(relative: 1e-6, absolute: 4e-6), gradients: cancellingGradients) { $0[0].gelu() }
    case "silu": try golden.hold(few, gradients: cancellingGradients) { $0[0].silu() }
    case "sigmoid": try golden.hold(few, gradients: cancellingGradients) { $0[0].sigmoid() }
    case "tanh": try golden.hold(few, gradients: cancellingGradients) { $0[0].tanh() }
    case "softplus": try golden.hold(cancelling) { $0[0].softplus() }
    case "hard-swish": try golden.hold(cancelling, gradients: cancellingGradients) { $0[0].hardSwish() }
    case "clamp":
      let range = try Float(golden.number("minimum"))...Float(golden.number("maximum"))
      try golden.hold(few) { $0[0].clamped(to: range) }
    case "power":
      let exponent = Float(try golden.number("exponent"))
      try golden.hold(few) { $0[0].power(exponent) }
    case "normal-distribution":
      // The rounding of the argument counts x² times: 20 here.
      try golden.hold(Tolerance(relative: 3e-6), gradients: cancellingGradients) { $0[0].normalDistribution() }
    case "add-number", "subtract-number", "multiply-number", "divide-number": try number(golden)
    case "dropout":
      let scale = Float(try golden.number("scale"))
      try golden.hold(few) { $0[0] * $0[1] * scale }
    case "cube-twice": try cubeTwice(golden)
    default: golden.reportUnknownOperation()
    }
  }

  private static let exact: [String: @Sendable ([Tensor]) -> Tensor] = [
    "relu": { $0[0].relu() }, "relu6": { $0[0].relu6() }, "abs": { $0[0].absolute() }, "square": { $0[0].squared() },
    "negate": { -$0[0] }, "exp": { $0[0].exp() }, "log": { $0[0].log() }, "sqrt": { $0[0].squareRoot() },
    "add": { $0[0] + $0[1] }, "subtract": { $0[0] - $0[1] }, "multiply": { $0[0] * $0[1] },
    "divide": { $0[0] / $0[1] }, "maximum": { maximum($0[0], $0[1]) }, "minimum": { minimum($0[0], $0[1]) },
  ]

  private func number(_ golden: GoldenCase) throws {
    let number = Float(try golden.number("number"))
    let reversed = try golden.flag("reversed")
    try golden.hold(few) { inputs in
      let x = inputs[0]
      return switch (golden.operation, reversed) {
      case ("add-number", false): x + number
      case ("add-number", true): Tensor(number) + x
      case ("subtract-number", false): x - number
      case ("subtract-number", true): number - x
      case ("multiply-number", false): x * number
      case ("multiply-number", true): number * x
      case ("divide-number", false): x / number
      default: number / x
      }
    }
  }

  /// Three ways to write x³, each differentiated twice.
  private func cubeTwice(_ golden: GoldenCase) throws {
    let cubes: [(Tensor) -> Tensor] = [{ $0 * $0 * $0 }, { $0.squared() * $0 }, { $0.power(3) }]
    for cube in cubes {
      let x = try golden.inputs()[0]
      let upstream = try golden.tensor("upstream")
      upstream.setRequiresGradient(true)
      let output = cube(x)
      try expectClose(output, golden.stored("output"), few)
      let gradient = gradients(of: output, with: [x], upstream: upstream, recordsAgain: true)[0]
      try expectClose(gradient, golden.stored("gradient.0"), few)
      let second = gradients(of: gradient, with: [x, upstream], upstream: try golden.tensor("second.upstream"))
      try expectClose(second[0], golden.stored("second.gradient.0"), Tolerance(relative: 1e-6))
      try expectClose(second[1], golden.stored("second.gradient.upstream"), Tolerance(relative: 1e-6))
    }
  }

  /// Large enough for several threads and for whole vectors, with a rest that fills none.
  @Test("large tensors are computed as small ones are", arguments: [1, 15, 16, 17, 16_383, 16_384, 40_001])
  func sizes(count: Int) {
    let a = Tensor.normal([count], Philox(seed: 1))
    let b = Tensor.normal([count], Philox(seed: 2))
    let (x, y) = (a.floats, b.floats)
    expectSame((a + b).floats, zip(x, y).map { $0 + $1 })
    expectSame((a - b).floats, zip(x, y).map { $0 - $1 })
    expectSame((a * b).floats, zip(x, y).map { $0 * $1 })
    expectSame((a / b).floats, zip(x, y).map { $0 / $1 })
    expectSame(a.relu().floats, x.map { max($0, 0) })
    expectSame(a.addedRelu(b).floats, zip(x, y).map { max($0 + $1, 0) })
    expectSame((a * 1.5).floats, x.map { $0 * 1.5 })
    expectSame(a.squared().floats, x.map { $0 * $0 })
    expectSame(maximum(a, b).floats, zip(x, y).map { max($0, $1) })
    expectSame(minimum(a, b).floats, zip(x, y).map { min($0, $1) })
    expectSame(exceeds(a, b).floats, zip(x, y).map { $0 > $1 ? 1 : 0 })
    expectSame((a + Tensor(2)).floats, x.map { $0 + 2 })
    expectSame(a.absolute().floats, x.map { abs($0) })
  }

  @Test("blended maps are products and sums of them, with their gradients", arguments: [1, 16, 37])
  func blending(channels: Int) {
    let maps = (1...3).map { Tensor.normal([2, 5, 70, channels], Philox(seed: UInt64($0))) }
    let shares = Tensor.normal([2, 5, 70, 3], Philox(seed: 4))
    for leaf in maps + [shares] { leaf.setRequiresGradient(true) }
    let upstream = Tensor.normal(maps[0].shape, Philox(seed: 5))
    let expected = maps.indices.map { maps[$0] * shares.slice($0..<$0 + 1, alongAxis: 3) }.reduce(Tensor(0), +)
    let found = blended(maps, by: shares)
    expectClose(found.floats, expected.floats, relative: 1e-6, absolute: 1e-6)
    let slopes = gradients(of: found, with: maps + [shares], upstream: upstream)
    for (own, other) in zip(slopes, gradients(of: expected, with: maps + [shares], upstream: upstream)) {
      expectClose(own.floats, other.floats, relative: 1e-5, absolute: 1e-5)
    }
  }

  @Test("not-a-number passes through, infinities where they should")
  func notANumber() {
    let values = Tensor([.nan, .infinity, -.infinity, -0.0], shape: [4])
    #expect(values.relu()[0].isNaN && values.relu()[1] == .infinity && values.relu()[2] == 0)
    #expect(values.addedRelu(values)[0].isNaN)
    let ones = Tensor([1, 1, 1, 1], shape: [4])
    for larger in [maximum(values, ones), maximum(ones, values), minimum(values, ones), minimum(ones, values)] {
      #expect(larger[0].isNaN && !larger[1].isNaN)
    }
    #expect(values.softplus()[1] == .infinity && values.softplus()[2] == 0)
    #expect(values.sigmoid()[1] == 1 && values.sigmoid()[2] == 0 && values.sigmoid()[3] == 0.5)
    #expect(!values.isFinite && Tensor([1, -3e38], shape: [2]).isFinite && !Tensor(.infinity).isFinite)
  }
}

extension Tensor {
  subscript(index: Int) -> Float { floats[index] }
}
