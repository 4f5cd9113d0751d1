import Tensors
import TestSupport
import Testing

@Suite("Pooling", .tags(.golden))
struct PoolingTests {
  /// Windows of up to 49 values; the largest value is exact.
  private let means = Tolerance(relative: 1e-6, ofLargest: 2e-7)

  @Test("has PyTorch's values and gradients", arguments: try Golden.cases("pooling"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "max-pooling":
      let (size, stride, padding) = try (golden.integer("size"), golden.integer("stride"), golden.integer("padding"))
      try golden.hold(maps: [0], Tolerance(relative: 0), gradients: means) { inputs in
        maxPooling(inputs[0], size: size, stride: stride, padding: padding)
      }
    case "average-pooling":
      let (size, stride, padding) = try (golden.integer("size"), golden.integer("stride"), golden.integer("padding"))
      try golden.hold(maps: [0], means) { inputs in
        averagePooling(inputs[0], size: size, stride: stride, padding: padding)
      }
    case "global-average-pooling": try golden.hold(maps: [0], means) { globalAveragePooling($0[0]) }
    default: golden.reportUnknownOperation()
    }
  }

  @Test("moves by its own size where no stride is given")
  func defaultStride() {
    let input = Tensor.normal([1, 6, 6, 2], Philox(seed: 1))
    expectSame(maxPooling(input, size: 3).floats, maxPooling(input, size: 3, stride: 3).floats)
    expectSame(averagePooling(input, size: 2).floats, averagePooling(input, size: 2, stride: 2).floats)
  }
}
