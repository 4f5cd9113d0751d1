import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Reductions", .tags(.golden))
struct ReductionTests {
  /// Sums are gathered in double precision and rounded once per axis.
  private let sums = Tolerance(relative: 1e-6, ofLargest: 2e-7)

  /// Differences of numbers of size 1, times the upstream over a norm; exponentials of up to 20.
  private let deviations = Tolerance(relative: 2e-6, ofLargest: 1e-6)

  @Test("have PyTorch's values and gradients", arguments: try Golden.cases("reductions"))
  func golden(_ golden: GoldenCase) throws {
    guard golden.hasOption("axes") else {
      switch golden.operation {
      case "sum": return try golden.hold(sums) { $0[0].sum() }
      case "mean": return try golden.hold(sums) { $0[0].mean() }
      default: return golden.reportUnknownOperation()
      }
    }
    let axes = try golden.integers("axes")
    let keeps = golden.hasOption("keepsAxes") ? try golden.flag("keepsAxes") : false
    switch golden.operation {
    case "sum": try golden.hold(sums) { $0[0].sum(alongAxes: axes, keepsAxes: keeps) }
    case "mean": try golden.hold(sums) { $0[0].mean(alongAxes: axes, keepsAxes: keeps) }
    case "norm": try golden.hold(sums) { $0[0].norm(alongAxes: axes, keepsAxes: keeps) }
    case "variance":
      let unbiased = try golden.flag("unbiased")
      try golden.hold(sums) { $0[0].variance(alongAxes: axes, unbiased: unbiased, keepsAxes: keeps) }
    case "deviation":
      let unbiased = try golden.flag("unbiased")
      try golden.hold(sums, gradients: deviations) { $0[0].standardDeviation(alongAxes: axes, unbiased: unbiased) }
    case "normalized": try golden.hold(sums, gradients: deviations) { $0[0].normalized(alongAxis: axes[0]) }
    case "cumulative-sum":
      let reversed = try golden.flag("reversed")
      try golden.hold(sums) { $0[0].cumulativeSum(alongAxis: axes[0], reversed: reversed) }
    case "log-sum-exp": try golden.hold(deviations) { $0[0].logSumExp(alongAxis: axes[0], keepsAxis: keeps) }
    case "largest": try golden.hold(sums) { $0[0].largest(alongAxis: axes[0], keepsAxis: keeps) }
    case "smallest": try golden.hold(sums) { $0[0].smallest(alongAxis: axes[0], keepsAxis: keeps) }
    case "argmax", "argmin":
      let values = try golden.inputs()[0]
      let found = golden.operation == "argmax" ? values.argmax(alongAxis: axes[0]) : values.argmin(alongAxis: axes[0])
      #expect(try found.map(Int64.init) == golden.stored("output").integers())
    default: golden.reportUnknownOperation()
    }
  }

  @Test("along one axis of every size are exact sums rounded once, whatever the threads", arguments: [1, 2])
  func wholeNumbers(threads: Int) {
    let before = Threads.count
    defer { Threads.use(before) }
    Threads.use(threads)
    for (outer, extent, inner) in [(1, 70_001, 1), (3, 20_000, 1), (2, 300, 70), (1, 5, 9000), (40, 1, 3), (2, 3, 0)] {
      let values = Tensor((0..<outer * extent * inner).map { Float($0 % 1009) }, shape: [outer, extent, inner])
      let source = values.floats
      let expected = (0..<outer * inner).map { place in
        (0..<extent).reduce(0.0) { $0 + Double(source[(place / inner * extent + $1) * inner + place % inner]) }
      }
      expectSame(values.sum(alongAxes: [1]).floats, expected.map(Float.init))
      let squares = (0..<outer * inner).map { place in
        (0..<extent).reduce(0.0) { sum, row in
          let value = Double(source[(place / inner * extent + row) * inner + place % inner])
          return sum + value * value
        }
      }
      expectSame(values.sumOfSquares(alongAxes: [1]).floats, squares.map(Float.init))
    }
  }

  @Test("the first of equal values wins, and takes the whole gradient")
  func ties() {
    let values = Tensor([3, 1, 3, 0, 0, -2], shape: [2, 3])
    values.setRequiresGradient(true)
    #expect(values.argmax(alongAxis: 1) == [0, 0])
    #expect(values.argmaxOfRows() == [0, 0])
    #expect(gradients(of: values.largest(alongAxis: 1).sum(), with: [values])[0].floats == [1, 0, 0, 1, 0, 0])
    #expect(gradients(of: values.smallest(alongAxis: 0).sum(), with: [values])[0].floats == [0, 0, 0, 1, 1, 1])
  }

  @Test("two sums of a long row do not lose small terms")
  func smallTerms() {
    // In Float alone each 1 would vanish beside 2²⁵.
    let values = Tensor([33_554_432] + [Float](repeating: 1, count: 64) + [-33_554_432], shape: [66])
    #expect(values.sum().item == 64)
    #expect(values.reshaped([66, 1]).sum(alongAxes: [0]).floats == [64])
  }
}
