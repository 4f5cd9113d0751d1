import Tensors
import TestSupport
import Testing

@Suite("Convolutions and poolings of any form", .tags(.golden))
struct FormTests {
  /// Sums of up to 600 products, in another order.
  private let sums = Tolerance(relative: 1e-5, ofLargest: 3e-6)

  @Test("are PyTorch's, with all their gradients", arguments: try Golden.cases("forms"))
  func golden(_ golden: GoldenCase) throws {
    switch golden.operation {
    case "convolution":
      let form = try golden.form()
      try golden.hold(maps: [0], sums) { convolution($0[0], $0[1], bias: $0.count > 2 ? $0[2] : nil, form: form) }
    case "transposed-convolution":
      let (form, extra) = (try golden.form(), try golden.extents("output-padding"))
      try golden.hold(maps: [0], sums) {
        transposedConvolution($0[0], $0[1], bias: $0.count > 2 ? $0[2] : nil, form: form, outputPadding: extra)
      }
    case "max-pooling":
      let form = try golden.windows(countsPadding: true)
      try golden.hold(maps: [0], sums) { maxPooling($0[0], form: form) }
    case "average-pooling":
      let form = try golden.windows(countsPadding: golden.flag("counts-padding"))
      try golden.hold(maps: [0], sums) { averagePooling($0[0], form: form) }
    case "adaptive-max-pooling":
      let output = try golden.extents("output")
      try golden.hold(maps: [0], sums) { adaptiveMaxPooling($0[0], to: output) }
    case "adaptive-average-pooling":
      let output = try golden.extents("output")
      try golden.hold(maps: [0], sums) { adaptiveAveragePooling($0[0], to: output) }
    default: golden.reportUnknownOperation()
    }
  }

  /// Long rows, so that several threads share them, against one pixel at a time.
  @Test("adaptive maxima and means of a large map are those of its windows")
  func large() {
    let x = Tensor.normal([3, 41, 37, 48], Philox(seed: 9))
    let (maxima, means) = (adaptiveMaxPooling(x, to: 6), adaptiveAveragePooling(x, to: 6))
    for n in 0..<3 {
      for row in 0..<6 {
        let window = x.slice(n..<n + 1, alongAxis: 0)
          .slice(row * 41 / 6..<((row + 1) * 41 + 5) / 6, alongAxis: 1).slice(
            2 * 37 / 6..<(3 * 37 + 5) / 6, alongAxis: 2)
        let channel = window.slice(7..<8, alongAxis: 3).floats
        let place = ((n * 6 + row) * 6 + 2) * 48 + 7
        #expect(maxima.floats[place] == channel.max())
        #expect(abs(means.floats[place] - channel.reduce(0, +) / Float(channel.count)) < 1e-6)
      }
    }
  }

  /// The extents of ShuffleNet's units, for which oneDNN takes kernels that small ones do not reach.
  @Test(
    "a convolution in groups is its groups side by side",
    arguments: [
      (960, 240, 3, 1), (240, 960, 3, 1), (480, 120, 3, 1), (54, 216, 3, 1), (64, 96, 2, 3), (96, 192, 3, 3),
    ])
  func groups(_ inputs: Int, _ outputs: Int, _ groups: Int, _ kernel: Int) {
    let x = Tensor.normal([4, 4, 3, inputs], Philox(seed: 1))
    let weight = Tensor.normal([outputs, inputs / groups, kernel, kernel], Philox(seed: 2))
    let upstream = Tensor.normal([4, 4, 3, outputs], Philox(seed: 3))
    for tensor in [x, weight] { tensor.setRequiresGradient(true) }
    let padding = HeightWidth(kernel / 2)
    let whole = convolution(x, weight, form: ConvolutionForm(padding: padding, groups: groups))
    let parts = (0..<groups).map { group in
      let (i, o) = (inputs / groups, outputs / groups)
      return convolution(
        x.slice(group * i..<(group + 1) * i, alongAxis: 3), weight.slice(group * o..<(group + 1) * o, alongAxis: 0),
        form: ConvolutionForm(padding: padding))
    }
    let joined = concatenated(parts, alongAxis: 3)
    func expectNear(_ a: Tensor, _ b: Tensor, _ name: String) {
      expectClose(
        a, b.floats.map(Double.init), shape: b.shape.dimensions, Tolerance(relative: 1e-5, ofLargest: 1e-5), name)
    }
    expectNear(whole, joined, "output")
    let found = gradients(of: whole, with: [x, weight], upstream: upstream)
    let expected = gradients(of: joined, with: [x, weight], upstream: upstream)
    expectNear(found[0], expected[0], "gradient of the input")
    expectNear(found[1], expected[1], "gradient of the weights")
  }

  @Test("a shuffle of channels takes the first of each group first, and back with the groups exchanged")
  func shuffle() {
    let x = Tensor((0..<24).map(Float.init), shape: [1, 2, 2, 6])
    let shuffled = channelShuffle(x, groups: 2)
    #expect(Array(shuffled.floats[6..<12]) == [6, 9, 7, 10, 8, 11])
    #expect(channelShuffle(shuffled, groups: 3).floats == x.floats)
    x.setRequiresGradient(true)
    let upstream = Tensor.normal([1, 2, 2, 6], Philox(seed: 3))
    let found = gradients(of: channelShuffle(x, groups: 2), with: [x], upstream: upstream)[0]
    #expect(found.floats == channelShuffle(upstream, groups: 3).floats)
  }
}

extension GoldenCase {
  fileprivate func extents(_ key: String) throws -> HeightWidth {
    let both = try integers(key)
    return HeightWidth(height: both[0], width: both[1])
  }

  fileprivate func form() throws -> ConvolutionForm {
    try ConvolutionForm(
      stride: extents("stride"), padding: extents("padding"), dilation: extents("dilation"), groups: integer("groups"))
  }

  fileprivate func windows(countsPadding: Bool) throws -> PoolingForm {
    try PoolingForm(
      size: extents("size"), stride: extents("stride"), padding: extents("padding"), roundsUp: flag("ceil"),
      countsPadding: countsPadding)
  }
}
