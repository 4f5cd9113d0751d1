import Tensors
import TestSupport
import Testing

@Suite("Resampling", .tags(.golden))
struct ResamplingTests {
  /// Four products of a value and shares that are rounded once; gradients are sums of up to 30 of them.
  private let shares = Tolerance(relative: 1e-6, ofLargest: 5e-7)

  @Test("has PyTorch's values and gradients", arguments: try Golden.cases("resampling"))
  func golden(_ golden: GoldenCase) throws {
    let rules: [String: ResamplingRule] = [
      "nearest": .nearest, "bilinear": .bilinear, "bilinear-aligned": .bilinearWithAlignedCorners,
    ]
    let rule = try #require(rules[golden.text("rule")])
    let (height, width) = try (golden.integer("height"), golden.integer("width"))
    try golden.hold(maps: [0], shares) { resampled($0[0], height: height, width: width, rule) }
  }

  @Test("of large maps gives the same bits for every number of threads")
  func threads() {
    let before = Threads.count
    defer { Threads.use(before) }
    let x = Tensor.normal([3, 31, 17, 16], Philox(seed: 1))
    x.setRequiresGradient(true)
    var found: [[Float]] = []
    for threads in [1, 2] {
      Threads.use(threads)
      let output = resampled(x, height: 60, width: 40, .bilinear)
      found.append(gradients(of: output.squared().sum(), with: [x])[0].floats + output.floats)
    }
    expectSame(found[0], found[1])
  }
}
