import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite("Normalisation", .tags(.golden))
struct NormalizationTests {
  /// Means over up to 126 values, and a quotient by a root. A spread of 0.01 beside a mean of 0.02, or a mean of 8
  /// beside a spread of 1, cost up to a digit of what is left after the subtraction.
  private let values = Tolerance(relative: 1e-5, ofLargest: 1e-6)

  /// Of two values the gradients cancel but for ε: absolute errors are those of terms up to 10.
  private let slopes = Tolerance(relative: 1e-5, ofLargest: 5e-6, absolute: 4e-6)

  @Test("has PyTorch's values, gradients and running statistics", arguments: try Golden.cases("normalization"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "add-relu": try golden.hold(maps: [0, 1], Tolerance(relative: 1e-7)) { $0[0].addedRelu($0[1]) }
    case "batch-normalization": try normalization(golden)
    case "layer":
      let epsilon = Float(try golden.number("epsilon"))
      try golden.hold(values, gradients: slopes) {
        layerNormalization($0[0], scale: $0[1], shift: $0[2], epsilon: epsilon)
      }
    case "group":
      let (groups, epsilon) = try (golden.integer("groups"), Float(golden.number("epsilon")))
      try golden.hold(maps: [0], values, gradients: slopes) {
        groupNormalization($0[0], groups: groups, scale: $0[1], shift: $0[2], epsilon: epsilon)
      }
    default: golden.reportUnknownOperation()
    }
  }

  private func normalization(_ golden: GoldenCase) throws {
    let (training, relu, residual) = try (golden.flag("training"), golden.flag("relu"), golden.flag("residual"))
    let channels = try golden.stored("input.1").count
    let layer = BatchNormalization2D(
      channels, momentum: Float(try golden.number("momentum")), epsilon: Float(try golden.number("epsilon")))
    layer.mean.assign(try golden.tensor("mean.before"))
    layer.variance.assign(try golden.tensor("variance.before"))
    let inputs = try golden.inputs(maps: [0, 3])
    layer.scale.assign(inputs[1])
    layer.shift.assign(inputs[2])
    let sources = [inputs[0], layer.scale.tensor, layer.shift.tensor] + inputs.dropFirst(3)
    let pass = ForwardPass(training ? .training : .evaluation)
    var output = layer(inputs[0], pass, relu: relu && !residual)
    if residual { output = relu ? output.addedRelu(inputs[3]) : output + inputs[3] }
    try expectClose(output, golden.stored("output"), channelsLast: true, values)
    let upstream = try golden.tensor("upstream", channelsLast: true)
    for (place, gradient) in gradients(of: output, with: sources, upstream: upstream).enumerated() {
      try expectClose(gradient, golden.stored("gradient.\(place)"), channelsLast: true, slopes)
    }
    let after = training ? "after" : "before"
    try expectClose(layer.mean.tensor, golden.stored("mean.\(after)"), Tolerance(relative: 1e-6, ofLargest: 2e-7))
    try expectClose(layer.variance.tensor, golden.stored("variance.\(after)"), Tolerance(relative: 2e-6))
  }

  @Test("of groups gives the same bits for every number of threads")
  func threads() {
    let before = Threads.count
    defer { Threads.use(before) }
    let x = Tensor.normal([5, 13, 11, 24], Philox(seed: 2))
    let scale = Tensor.normal([24], Philox(seed: 3))
    for tensor in [x, scale] { tensor.setRequiresGradient(true) }
    var found: [[Float]] = []
    for threads in [1, 2] {
      Threads.use(threads)
      let output = groupNormalization(x, groups: 4, scale: scale, shift: .zeros([24]))
      found.append(gradients(of: output.squared().sum(), with: [x, scale]).flatMap(\.floats) + output.floats)
    }
    expectSame(found[0], found[1])
  }

  @Test("running statistics stay where the pass does not update them")
  func keptStatistics() {
    let layer = BatchNormalization2D(3)
    let input = Tensor.normal([4, 5, 5, 3], Philox(seed: 1)) + 2
    _ = layer(input, ForwardPass(.training, updatesStatistics: false))
    _ = layer(input, ForwardPass(.evaluation))
    #expect(layer.mean.tensor.floats == [0, 0, 0] && layer.variance.tensor.floats == [1, 1, 1])
    _ = layer(input, ForwardPass(.training))
    #expect(layer.mean.tensor.floats.allSatisfy { abs($0 - 0.2) < 0.05 })
  }
}
