import Tensors
import TestSupport
import Testing

@Suite("Products of matrices", .tags(.golden))
struct ProductTests {
  /// Sums of up to 64 products.
  private let sums = Tolerance(relative: 1e-6, ofLargest: 5e-7)

  @Test("have PyTorch's values and gradients", arguments: try Golden.cases("products"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "linear":
      try golden.hold(sums) { inputs in linear(inputs[0], inputs[1], bias: inputs.dropFirst(2).first) }
    case "matrix-product":
      let (first, second) = try (golden.flag("transposesFirst"), golden.flag("transposesSecond"))
      try golden.hold(sums) { inputs in
        matrixProduct(inputs[0], inputs[1], transposesFirst: first, transposesSecond: second)
      }
    default: golden.reportUnknownOperation()
    }
  }
}
