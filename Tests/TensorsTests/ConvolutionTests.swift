import Tensors
import TestSupport
import Testing

/// A sum of n products in Float is off by up to √n · 6e-8 of its terms: n is below 1000 here.
private let sums = Tolerance(relative: 1e-5, ofLargest: 2e-6)

@Suite("Convolution", .tags(.golden))
struct ConvolutionTests {
  @Test("has PyTorch's values and gradients", arguments: try Golden.cases("convolution"))
  func golden(_ golden: GoldenCase) throws {
    let stride = try golden.integer("stride")
    let padding = try golden.integer("padding")
    switch golden.operation {
    case "convolution":
      try golden.hold(maps: [0], sums) { inputs in
        convolution(inputs[0], inputs[1], bias: inputs.dropFirst(2).first, stride: stride, padding: padding)
      }
    case "frozen-convolution":
      let relu = try golden.flag("relu")
      try frozen(golden) { inputs in
        frozenConvolution(
          inputs[0], inputs[1], bias: inputs[2], residual: inputs.dropFirst(3).first, relu: relu, stride: stride,
          padding: padding)
      }
    default: golden.reportUnknownOperation()
    }
  }

  /// A frozen convolution gives gradients to its feature maps alone.
  private func frozen(_ golden: GoldenCase, _ operation: ([Tensor]) -> Tensor) throws {
    let inputs = try golden.inputs(maps: [0, 3])
    let output = operation(inputs)
    try expectClose(output, golden.stored("output"), channelsLast: true, sums)
    let upstream = try golden.tensor("upstream", channelsLast: true)
    let found = gradients(of: output, with: inputs, upstream: upstream)
    for place in inputs.indices where place == 0 || place == 3 {
      try expectClose(found[place], golden.stored("gradient.\(place)"), channelsLast: true, sums)
    }
    for place in 1...2 { #expect(found[place].floats.allSatisfy { $0 == 0 }, "input \(place) is a constant") }
  }

  @Test("the reference in double precision has them too", arguments: try Golden.cases("convolution"))
  func reference(_ golden: GoldenCase) throws {
    let inputs = try golden.inputs(maps: [0, 3])
    let reference = try ReferenceConvolution(
      inputs[0].shape, inputs[1].shape, stride: golden.integer("stride"), padding: golden.integer("padding"))
    var output = reference.output(inputs[0].doubles, inputs[1].doubles, bias: inputs.dropFirst(2).first?.doubles)
    if inputs.count > 3 { output = zip(output, inputs[3].doubles).map { $0 + $1 } }
    var upstream = try golden.tensor("upstream", channelsLast: true).doubles
    if golden.operation == "frozen-convolution", try golden.flag("relu") {
      upstream = zip(upstream, output).map { $1 > 0 ? $0 : 0 }
      output = output.map { max($0, 0) }
    }
    // Large results are stored in 32 bits.
    let exact = Tolerance(relative: 1e-7, ofLargest: 1e-7)
    func hold(_ values: [Double], _ part: String, channelsLast: Bool) throws {
      let shape = try golden.tensor(part, channelsLast: channelsLast).shape
      try expectClose(
        Tensor(values.map(Float.init), shape: shape), golden.stored(part), channelsLast: channelsLast, exact)
    }
    try hold(output, "output", channelsLast: true)
    try hold(reference.inputGradient(upstream, inputs[1].doubles), "gradient.0", channelsLast: true)
    try hold(reference.weightGradient(upstream, inputs[0].doubles), "gradient.1", channelsLast: false)
  }

  /// Shapes that the Winograd rule takes, and batches for which its kernels are and are not padded with images.
  @Test(
    "is right where Winograd kernels do it",
    arguments: [
      WinogradCase(batch: 20, 64, 64, 8, 8), WinogradCase(batch: 23, 64, 64, 8, 8),
      WinogradCase(batch: 64, 64, 64, 8, 8), WinogradCase(batch: 20, 128, 64, 7, 8),
      WinogradCase(batch: 37, 32, 32, 16, 13), WinogradCase(batch: 32, 32, 64, 13, 14),
      WinogradCase(batch: 96, 32, 32, 9, 11),
    ], [false, true])
  func winograd(_ shape: WinogradCase, withBias: Bool) {
    let (input, weight, bias) = shape.tensors()
    let isBlocked = frozenConvolution(input, weight, bias: bias, relu: false, padding: 1).isInChannelBlocks
    #expect(isBlocked == hasBlockedMaps)
    for leaf in [input, weight, bias] { leaf.setRequiresGradient(true) }
    let reference = ReferenceConvolution(input.shape, weight.shape, stride: 1, padding: 1)
    let upstream = Tensor.normal(reference.outputShape, Philox(seed: 4))
    StoragePool.poison(upstream.count * 2, input.count * 2)
    let output = convolution(input, weight, bias: withBias ? bias : nil, padding: 1)
    let found = gradients(of: output, with: [input, weight, bias], upstream: upstream)
    let expected = reference.output(input.doubles, weight.doubles, bias: withBias ? bias.doubles : nil)
    expectClose(output, expected, shape: output.shape.dimensions, .winograd, "output")
    expectClose(
      found[0], reference.inputGradient(upstream.doubles, weight.doubles), shape: input.shape.dimensions, .winograd,
      "gradient of the input")
    expectClose(
      found[1], reference.weightGradient(upstream.doubles, input.doubles), shape: weight.shape.dimensions, .winograd,
      "gradient of the weights")
    let sum = withBias ? reference.biasGradient(upstream.doubles) : Array(repeating: 0, count: bias.count)
    expectClose(found[2], sum, shape: bias.shape.dimensions, .winograd, "gradient of the bias")
  }

  @Test("of a batch is that of its images one by one")
  func imageByImage() {
    let (input, weight, bias) = WinogradCase(batch: 20, 64, 64, 8, 8).tensors()
    let whole = convolution(input, weight, bias: bias, padding: 1)
    for image in [0, 7, 19] {
      let alone = convolution(input.slice(image..<image + 1, alongAxis: 0), weight, bias: bias, padding: 1)
      let part = whole.slice(image..<image + 1, alongAxis: 0)
      expectClose(alone, part.doubles, shape: part.shape.dimensions, .winograd, "image \(image)")
    }
  }

  @Test("takes changed weights at the next call, in every layout that it keeps")
  func changedWeights() {
    let (input, weight, bias) = WinogradCase(batch: 20, 64, 64, 8, 8).tensors()
    let frozen = { frozenConvolution(input, weight, bias: bias, relu: false, padding: 1).floats }
    let trained = { convolution(input, weight, bias: bias, padding: 1).floats }
    let few = { convolution(input.slice(0..<2, alongAxis: 0), weight, bias: bias, padding: 1).floats }
    let before = [frozen(), trained(), few()]
    weight.mutate { values in for i in values.indices { values[i] = 0 } }
    let after = [frozen(), trained(), few()]
    for (old, new) in zip(before, after) {
      #expect(old != new)
      expectSame(new, (0..<new.count).map { bias.floats[$0 % 64] })
    }
  }
}

extension Tolerance {
  /// Winograd's F(4×4, 3×3) transforms have entries up to 8 and 1/24, and cost about a digit: 2e-6 of the largest
  /// element was seen at most, where direct sums of 576 products have 1e-6.
  static let winograd = Tolerance(relative: 1e-5, ofLargest: 1e-5)
}

/// A 3×3 convolution that Winograd kernels do.
struct WinogradCase: Sendable, CustomTestStringConvertible {
  let batch: Int
  let inputs: Int
  let outputs: Int
  let height: Int
  let width: Int

  init(batch: Int, _ inputs: Int, _ outputs: Int, _ height: Int, _ width: Int) {
    self.batch = batch
    self.inputs = inputs
    self.outputs = outputs
    self.height = height
    self.width = width
  }

  var testDescription: String { "\(inputs) to \(outputs) channels at \(height)×\(width), batch \(batch)" }

  func tensors(seed: UInt64 = 3) -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let random = Philox(seed: seed)
    return (
      .normal([batch, height, width, inputs], random.split(.noise, 1)),
      .normal([outputs, inputs, 3, 3], random.split(.noise, 2)) * (2 / Float(9 * inputs)).squareRoot(),
      .normal([outputs], random.split(.noise, 3))
    )
  }
}

extension Tensor {
  var doubles: [Double] { floats.map(Double.init) }
}

extension StoragePool {
  /// Fills what the pool hands out next with not-a-number: whatever reads memory that nobody wrote gives itself away.
  static func poison(_ counts: Int...) {
    let blocks = counts.flatMap { count in (0..<6).map { _ in Tensor.filled(.nan, shape: [count]) } }
    let halves = counts.flatMap { count in (0..<6).map { _ in Tensor.filled(.nan, shape: [count / 2]) } }
    withExtendedLifetime((blocks, halves)) {}
  }
}
