import Tensors
import TestSupport
import Testing

/// One frozen convolution of a chain: what it reads, what it adds.
struct FrozenLink: Sendable {
  let outputs: Int
  var residual: Int?
  var relu = true
  var stride = 1
  var kernel = 3
}

/// Frozen convolutions one after the other; feature map 0 is the input, map k the output of link k − 1.
struct FrozenChain: Sendable, CustomTestStringConvertible {
  let name: String
  let start: WinogradCase
  let links: [FrozenLink]
  /// How many of the outputs are expected to stay in channel blocks.
  let blocked: [Bool]

  var testDescription: String { "\(name), \(start.testDescription)" }

  /// Two residual blocks of 64 channels for a batch that is padded by an image.
  static let residual = FrozenChain(
    name: "two residual blocks, padded batch", start: WinogradCase(batch: 23, 64, 64, 8, 8),
    links: residualBlock + [FrozenLink(outputs: 64), FrozenLink(outputs: 64, residual: 2)],
    blocked: [true, true, true, true])

  var input: Tensor { start.tensors().input }

  /// Weights and bias of each link.
  var parameters: [(weight: Tensor, bias: Tensor)] {
    var channels = start.inputs
    return links.enumerated().map { place, link in
      defer { channels = link.outputs }
      let random = Philox(seed: 50 + UInt64(place))
      let fan = Float(channels * link.kernel * link.kernel)
      return (
        .normal([link.outputs, channels, link.kernel, link.kernel], random.split(.noise, 1))
          * (2 / fan).squareRoot(), .normal([link.outputs], random.split(.noise, 2)) * 0.3
      )
    }
  }

  /// All feature maps; `visit` sees each as soon as it is there.
  func run(fused: Bool, from input: Tensor, _ visit: (Int, Tensor) -> Void = { _, _ in }) -> [Tensor] {
    var maps = [input]
    for (place, (link, (weight, bias))) in zip(links, parameters).enumerated() {
      let residual = link.residual.map { maps[$0] }
      let padding = link.kernel / 2
      if fused {
        maps.append(
          frozenConvolution(
            maps[place], weight, bias: bias, residual: residual, relu: link.relu, stride: link.stride, padding: padding)
        )
      } else {
        var map = convolution(maps[place], weight, bias: bias, stride: link.stride, padding: padding)
        if let residual { map = map + residual }
        maps.append(link.relu ? map.relu() : map)
      }
      visit(place, maps[place + 1])
    }
    return maps
  }

  /// The gradient of Σ last map · upstream with respect to the input, in double precision, and the last map.
  func reference(_ upstream: [Double]) -> (output: [Double], gradient: [Double]) {
    var maps = [input.doubles]
    var shapes = [input.shape]
    var layers: [ReferenceConvolution] = []
    let weights = parameters.map { (weight: $0.weight.doubles, bias: $0.bias.doubles, shape: $0.weight.shape) }
    for (place, link) in links.enumerated() {
      let layer = ReferenceConvolution(
        shapes[place], weights[place].shape, stride: link.stride, padding: link.kernel / 2)
      var map = layer.output(maps[place], weights[place].weight, bias: weights[place].bias)
      if let residual = link.residual { map = zip(map, maps[residual]).map { $0 + $1 } }
      layers.append(layer)
      maps.append(link.relu ? map.map { max($0, 0) } : map)
      shapes.append(layer.outputShape)
    }
    var found = maps.map { [Double](repeating: 0, count: $0.count) }
    found[links.count] = upstream
    for (place, link) in links.enumerated().reversed() {
      var gradient = found[place + 1]
      if link.relu { gradient = zip(gradient, maps[place + 1]).map { $1 > 0 ? $0 : 0 } }
      if let residual = link.residual { found[residual] = zip(found[residual], gradient).map { $0 + $1 } }
      let back = layers[place].inputGradient(gradient, weights[place].weight)
      found[place] = zip(found[place], back).map { $0 + $1 }
    }
    return (maps[links.count], found[0])
  }
}

private let residualBlock = [FrozenLink(outputs: 64), FrozenLink(outputs: 64, residual: 0)]

private let chains = [
  FrozenChain(
    name: "two residual blocks, batch as it is", start: WinogradCase(batch: 20, 64, 64, 8, 8),
    links: residualBlock + [FrozenLink(outputs: 64), FrozenLink(outputs: 64, residual: 2)],
    blocked: [true, true, true, true]),
  .residual,
  FrozenChain(
    name: "padded for the cache's sake", start: WinogradCase(batch: 64, 64, 64, 8, 8),
    links: residualBlock + [FrozenLink(outputs: 64, residual: 1)], blocked: [true, true, true]),
  FrozenChain(
    name: "without ReLU, with residual", start: WinogradCase(batch: 23, 64, 64, 8, 8),
    links: [
      FrozenLink(outputs: 64), FrozenLink(outputs: 64, residual: 1, relu: false), FrozenLink(outputs: 64, residual: 0),
    ],
    blocked: [true, true, true]),
  FrozenChain(
    name: "from a padded batch to one as it is", start: WinogradCase(batch: 23, 64, 64, 8, 8),
    links: [
      FrozenLink(outputs: 64), FrozenLink(outputs: 128), FrozenLink(outputs: 128, residual: 2),
      FrozenLink(outputs: 64, residual: 1),
    ],
    blocked: [true, true, true, true]),
  FrozenChain(
    name: "32 channels, then a stride", start: WinogradCase(batch: 37, 32, 32, 16, 16),
    links: [
      FrozenLink(outputs: 32), FrozenLink(outputs: 32, residual: 0), FrozenLink(outputs: 64, stride: 2),
      FrozenLink(outputs: 64, residual: 3),
    ], blocked: [true, true, false, true]),
  FrozenChain(
    name: "a 1×1 kernel between", start: WinogradCase(batch: 23, 64, 64, 8, 8),
    links: [
      FrozenLink(outputs: 64), FrozenLink(outputs: 64, relu: false, kernel: 1), FrozenLink(outputs: 64, residual: 1),
    ],
    blocked: [true, false, true]),
  FrozenChain(
    name: "too small for Winograd", start: WinogradCase(batch: 3, 64, 64, 8, 8), links: residualBlock,
    blocked: [false, false]),
]

/// Two to four Winograd convolutions in a row; a rounding may decide a ReLU, whose share in a gradient is that of one
/// element among the 576 that a pixel's gradient sums: `ofLargest` leaves room for that.
private let chained = Tolerance(relative: 1e-5, ofLargest: 1e-5)

@Suite("Chains of frozen convolutions")
struct FrozenConvolutionTests {
  @Test("give what double precision gives, and the gradient of the input", arguments: chains)
  func values(_ chain: FrozenChain) {
    let input = chain.input
    input.setRequiresGradient(true)
    StoragePool.poison(input.count, input.count * 2)
    var blocked: [Bool] = []
    let maps = chain.run(fused: true, from: input) { blocked.append($1.isInChannelBlocks) }
    #expect(blocked == chain.blocked.map { $0 && hasBlockedMaps })
    let upstream = Tensor.normal(maps[maps.count - 1].shape, Philox(seed: 8))
    let gradient = gradients(of: maps[maps.count - 1], with: [input], upstream: upstream)[0]
    let expected = chain.reference(upstream.doubles)
    expectClose(
      maps[maps.count - 1], expected.output, shape: maps[maps.count - 1].shape.dimensions, chained, "last map")
    expectClose(gradient, expected.gradient, shape: input.shape.dimensions, chained, "gradient of the input")
  }

  @Test("equal the convolutions, sums and ReLUs that they stand for", arguments: chains)
  func unfused(_ chain: FrozenChain) {
    let results = [false, true].map { fused in
      let input = chain.input
      input.setRequiresGradient(true)
      let maps = chain.run(fused: fused, from: input)
      let upstream = Tensor.normal(maps[maps.count - 1].shape, Philox(seed: 9))
      return (maps, gradients(of: maps[maps.count - 1], with: [input], upstream: upstream)[0])
    }
    for (plain, fused) in zip(results[0].0, results[1].0) {
      expectClose(fused, plain.doubles, shape: plain.shape.dimensions, chained, "a feature map")
    }
    expectClose(
      results[1].1, results[0].1.doubles, shape: results[0].1.shape.dimensions, chained, "gradient of the input")
  }

  /// Reading makes the plain form, and everything behind it goes another way: to the same bits.
  @Test("do not care whether a map between them is read", arguments: chains)
  func reading(_ chain: FrozenChain) {
    func run(readingInside: Set<Int>, readingAfter: Set<Int>) -> [[Float]] {
      let input = chain.input
      input.setRequiresGradient(true)
      let maps = chain.run(fused: true, from: input) { place, map in
        if readingInside.contains(place) { _ = map.floats }
      }
      for place in readingAfter { _ = maps[place + 1].floats }
      let upstream = Tensor.normal(maps[maps.count - 1].shape, Philox(seed: 10))
      let gradient = gradients(of: maps[maps.count - 1], with: [input], upstream: upstream)[0]
      return maps.map(\.floats) + [gradient.floats]
    }
    let unread = run(readingInside: [], readingAfter: [])
    let all = Set(chain.links.indices)
    let none: Set<Int> = []
    for (inside, after) in [(all, none), (none, all), (Set([0]), Set([1])), (Set([1]), Set([0]))] {
      let read = run(readingInside: inside, readingAfter: after)
      for (map, expected) in zip(read, unread) { expectSame(map, expected) }
    }
  }

  @Test("give gradients to a map in their middle too", arguments: chains)
  func middle(_ chain: FrozenChain) {
    let input = chain.input
    input.setRequiresGradient(true)
    let maps = chain.run(fused: true, from: input)
    let upstream = Tensor.normal(maps[maps.count - 1].shape, Philox(seed: 11))
    let found = gradients(of: maps[maps.count - 1], with: maps, upstream: upstream, keepsTape: true)
    expectSame(found[maps.count - 1].floats, upstream.floats)
    // Twice the upstream gives twice every gradient, to the bit; and what was handed out before has not changed.
    let before = found.map(\.floats)
    let twice = gradients(of: maps[maps.count - 1], with: maps, upstream: upstream * 2, keepsTape: true)
    for (once, double) in zip(before, twice) { expectSame(once.map { 2 * $0 }, double.floats) }
    for (values, tensor) in zip(before, found) { expectSame(values, tensor.floats) }
  }

  @Test("leave a map that was changed in place as it was changed")
  func mutation() {
    let chain = chains[1]
    let map = chain.run(fused: true, from: chain.input)[1]
    #expect(map.isInChannelBlocks == hasBlockedMaps)
    map.mutate { values in for i in values.indices { values[i] = Float(i % 7) } }
    expectSame(map.floats, (0..<map.count).map { Float($0 % 7) })
    let (weight, bias) = chain.parameters[1]
    let plain = Tensor((0..<map.count).map { Float($0 % 7) }, shape: map.shape)
    let after = frozenConvolution(map, weight, bias: bias, relu: true, padding: 1)
    expectSame(after.floats, frozenConvolution(plain, weight, bias: bias, relu: true, padding: 1).floats)
  }

  @Test("a residual alone can want a gradient")
  func residualOnly() {
    let (input, weight, bias) = WinogradCase(batch: 20, 64, 64, 8, 8).tensors()
    let residual = Tensor.normal(input.shape, Philox(seed: 12))
    residual.setRequiresGradient(true)
    let output = frozenConvolution(input, weight, bias: bias, residual: residual, relu: true, padding: 1)
    let found = gradients(of: output.sum(), with: [residual, input])
    expectSame(found[0].floats, output.floats.map { $0 > 0 ? 1 : 0 })
    #expect(found[1].floats.allSatisfy { $0 == 0 })
    #expect(!frozenConvolution(input, weight, bias: bias, relu: true, padding: 1).requiresGradient)
  }

  @Test("every operation reads a map that is there in blocks only")
  func readers() {
    let chain = chains[1]
    func map() -> Tensor { chain.run(fused: true, from: chain.input)[2] }
    let plain = Tensor(map().floats, shape: map().shape)
    #expect(map().isInChannelBlocks == hasBlockedMaps && !plain.isInChannelBlocks)
    let readers: [(String, (Tensor) -> Tensor)] = [
      ("relu", { $0.relu() }), ("add", { $0 + $0 }), ("addedRelu", { $0.addedRelu(plain) }),
      ("multiply", { $0 * plain }), ("reshaped", { $0.reshaped([$0.count]) }), ("sum", { $0.sum() }),
      ("mean", { $0.mean(alongAxes: [1, 2]) }), ("globalAveragePooling", { globalAveragePooling($0) }),
      ("maxPooling", { maxPooling($0, size: 2) }), ("slice", { $0.slice(3..<9, alongAxis: 0) }),
      ("permuted", { $0.permuted([0, 3, 1, 2]) }), ("detached", { $0.detached() }), ("rows", { $0.rows([22, 0]) }),
      ("convolution", { convolution($0, chain.parameters[0].weight, padding: 1) }),
      (
        "batchNormalization",
        { batchNormalization($0, scale: .ones([64]), shift: .zeros([64]), relu: true).output }
      ), ("tanh", { $0.tanh() }), ("concatenated", { concatenated([$0, plain], alongAxis: 3) }),
    ]
    for (name, reader) in readers { expectSame(reader(map()).floats, reader(plain).floats, "\(name)") }
  }
}
