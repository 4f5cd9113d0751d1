import Tensors
import TestSupport
import Testing

@Suite("Second derivatives", .tags(.golden))
struct SecondDerivativeTests {
  @Test("times a vector are PyTorch's, for whole networks", arguments: try Golden.cases("second-derivatives"))
  func golden(_ golden: GoldenCase) throws {
    let count = golden.parts(after: "input.").count
    let sources = try (0..<count).map { place in
      let tensor = try golden.tensor("input.\(place)", channelsLast: place == 0)
      tensor.setRequiresGradient(true)
      return tensor
    }
    let vectors = try (0..<count).map { try golden.tensor("vector.\($0)", channelsLast: $0 == 0) }
    let loss = try loss(golden, sources)
    try expectClose(loss, golden.stored("loss"), Tolerance(relative: 1e-5))
    let found = hessianVectorProduct(of: loss, with: sources, vectors: vectors)
    let expected = try (0..<count).flatMap { try golden.stored("product.\($0)").doubles() }
    let largest = expected.reduce(0) { max($0, abs($1)) }
    for (place, product) in found.enumerated() {
      // Two passes in single precision over sums of up to a hundred terms. Batch normalisation takes the effect of a
      // bias before it away: what is left there are roundings.
      let rest = Tolerance(relative: 1e-4, ofLargest: 1e-5, absolute: 2e-6 * largest)
      try expectClose(product, golden.stored("product.\(place)"), channelsLast: place == 0, rest)
    }
  }

  private func loss(_ golden: GoldenCase, _ s: [Tensor]) throws -> Tensor {
    let labels = try golden.integers("labels")
    func crossEntropy(_ logits: Tensor) -> Tensor { -logits.logSoftmax().picked(labels).mean() }
    switch try golden.text("network") {
    case "mlp-relu": return crossEntropy(linear(linear(s[0], s[1], bias: s[2]).relu(), s[3], bias: s[4]))
    case "mlp-tanh": return crossEntropy(linear(linear(s[0], s[1], bias: s[2]).tanh(), s[3], bias: s[4]))
    case "cnn":
      let isMaximum = try golden.text("pooling") == "maximum"
      let first = batchNormalization(
        convolution(s[0], s[1], bias: s[2], padding: 1), scale: s[3], shift: s[4], relu: true
      ).output
      let pooled =
        isMaximum
        ? maxPooling(first, size: 2, stride: 2, padding: 1) : averagePooling(first, size: 2, stride: 2, padding: 1)
      let second = batchNormalization(
        convolution(pooled, s[5], stride: 2, padding: 1), scale: s[6], shift: s[7]
      ).output.relu()
      return crossEntropy(linear(globalAveragePooling(second), s[8], bias: s[9]))
    case "softened":
      let (temperature, target) = try (Float(golden.number("temperature")), golden.tensor("target"))
      let logs = (linear(s[0], s[1]) / temperature).logSoftmax()
      let given = (target / temperature).logSoftmax()
      return (given.exp() * (given - logs)).sum(alongAxes: [1]).mean() * (temperature * temperature)
    default:
      let map = groupNormalization(convolution(s[0], s[1], padding: 1), groups: 2, scale: s[2], shift: s[3]).tanh()
      return crossEntropy(layerNormalization(linear(globalAveragePooling(map), s[4]), scale: s[5], shift: s[6]))
    }
  }

  /// What each operation's derivative is differentiated on, and the operation.
  static let operations: [(name: String, shape: Shape, function: @Sendable (Tensor) -> Tensor)] = [
    ("elu", [5, 3], { $0.elu(alpha: 0.7) }), ("sigmoid", [5, 3], { $0.sigmoid() }), ("tanh", [5, 3], { $0.tanh() }),
    ("silu", [5, 3], { $0.silu() }), ("gelu", [5, 3], { $0.gelu() }), ("softplus", [5, 3], { $0.softplus() }),
    ("hardSwish", [5, 3], { $0.hardSwish() }), ("normalDistribution", [5, 3], { $0.normalDistribution() }),
    ("leakyRelu", [5, 3], { $0.squared().leakyRelu() * $0 }), ("relu6", [5, 3], { ($0.squared() * 2).relu6() }),
    ("clamped", [5, 3], { $0.squared().clamped(to: 0...3) }), ("absolute", [5, 3], { ($0.squared() + $0).absolute() }),
    ("maximum", [5, 3], { maximum($0.squared(), $0 * 0.5) }), ("norm", [5, 3], { $0.norm(alongAxes: [1]) }),
    ("normalized", [5, 3], { $0.normalized(alongAxis: 1) }),
    ("standardDeviation", [5, 4], { $0.standardDeviation(alongAxes: [1], unbiased: true) }),
    ("largest", [5, 3], { $0.squared().largest(alongAxis: 1) }), ("rows", [4, 3], { $0.squared().rows([2, 0, 2]) }),
    ("sorted", [4, 3], { $0.sorted(alongAxis: 0).values.squared() }),
    ("cumulativeSum", [4, 3], { $0.squared().cumulativeSum(alongAxis: 0) }),
    ("logSumExp", [4, 3], { $0.logSumExp(alongAxis: 0) }), ("softmax", [4, 3], { $0.softmax(alongAxis: 0) }),
    ("chosen", [4, 3], { chosen(where: $0.mask { $0 > 0 }, $0.squared(), $0.exp()) }),
    ("padded", [3, 2], { $0.squared().padded(before: [1, 0], after: [0, 2]) }),
    ("squaredDistances", [4, 3], { squaredDistances($0, $0.squared()) }),
    ("distancesAmong", [4, 3], { squaredDistances(among: $0.squared()) }),
    ("batchedDistances", [2, 4, 3], { squaredDistances($0, $0.squared()) }),
    ("sumOfSquares", [2, 4, 3], { ($0 + 1).sumOfSquares(alongAxes: [1]).squared() }),
    ("distances", [4, 3], { distances($0, $0.squared() + 3) }), ("cosines", [4, 3], { cosines($0, $0.exp()) }),
    ("gram", [2, 4, 3], { gramMatrices($0.squared()) }),
    ("solution", [3, 3], { solution(of: $0 * 0.3 + oneHot([0, 1, 2], classes: 3) * 3, $0.squared()) }),
    ("adaptiveAveragePooling", [2, 5, 4, 2], { adaptiveAveragePooling($0.squared(), to: 3).squared() }),
    ("adaptiveMaxPooling", [2, 5, 4, 2], { adaptiveMaxPooling($0.squared() + $0, to: 3).squared() }),
    ("resampled", [1, 3, 4, 2], { resampled($0.squared(), height: 5, width: 3, .bilinear) }),
    (
      "frozenConvolution", [1, 4, 4, 2],
      { x in
        let weight = Tensor.normal([3, 2, 3, 3], Philox(seed: 31))
        return frozenConvolution(x.squared(), weight, bias: .ones([3]), relu: true, padding: 1)
      }
    ),
    ("addedRelu", [4, 3], { $0.squared().addedRelu($0 * 0.3) }),
    (
      "dropout", [4, 3],
      { x in
        x.squared().dropout(rate: 0.3, random: Philox(seed: 32))
      }
    ),
  ]

  @Test("of each operation agree with differences of its gradient", arguments: operations.indices)
  func differences(_ place: Int) {
    let (name, shape, function) = SecondDerivativeTests.operations[place]
    let x = Tensor.normal(shape, Philox(seed: 33))
    x.setRequiresGradient(true)
    expectDirectionalDerivatives(of: [(name, x)], step: 2e-3) {
      let y = function(x)
      let upstream = Tensor.normal(y.shape, Philox(seed: 34))
      return gradients(of: y, with: [x], upstream: upstream, recordsAgain: true)[0]
    }
  }

  @Test("of a Winograd convolution agree with differences of its gradient")
  func winograd() {
    let random = Philox(seed: 35)
    let x = Tensor.normal([2, 8, 8, 32], random.split(.noise, 1)) * 0.2
    let weight = Tensor.normal([32, 32, 3, 3], random.split(.noise, 2)) * 0.1
    for tensor in [x, weight] { tensor.setRequiresGradient(true) }
    let vectors = [Tensor.normal(x.shape, random.split(.noise, 3)), .normal(weight.shape, random.split(.noise, 4))]
    func loss() -> Tensor { convolution(x, weight, padding: 1).tanh().squared().mean() }
    let found = hessianVectorProduct(of: loss(), with: [x, weight], vectors: vectors)
    func slopes(_ step: Float) -> [Tensor] {
      let moved = zip([x, weight], vectors).map { $0.detached() + $1 * step }
      for tensor in moved { tensor.setRequiresGradient(true) }
      return gradients(
        of: convolution(moved[0], moved[1], padding: 1).tanh().squared().mean(), with: moved)
    }
    for ((ahead, behind), product) in zip(zip(slopes(1e-3), slopes(-1e-3)), found) {
      let difference = (ahead - behind) / 2e-3
      let error = (difference - product).norm(alongAxes: Array(0..<4)).item
      #expect(error < 1e-2 * product.norm(alongAxes: Array(0..<4)).item)
    }
  }

  @Test("mix two lists of sources, and do not change the first derivatives")
  func mixed() {
    let x = Tensor([1, 2, 3], shape: [3])
    let w = Tensor([2, -1, 4], shape: [3])
    for tensor in [x, w] { tensor.setRequiresGradient(true) }
    // L = Σ w² x³: ∂/∂x ⟨∂L/∂w, v⟩ = 6 w x² v, and ∂²L/∂w² v = 2 x³ v.
    func loss() -> Tensor { (w.squared() * x.power(3)).sum() }
    let v = Tensor([1, 10, 100], shape: [3])
    let mixed = hessianVectorProduct(of: loss(), with: [w], vectors: [v], to: [x])
    expectClose(mixed[0].floats, [12, -240, 21600] as [Float], relative: 1e-6, absolute: 0)
    let own = hessianVectorProduct(of: loss(), with: [w], vectors: [v])
    expectClose(own[0].floats, [2, 160, 5400] as [Float], relative: 1e-6, absolute: 0)
    #expect(hessianVectorProduct(of: x.sum(), with: [x], vectors: [v])[0].floats == [0, 0, 0])
  }

  @Test("are the same function as the fused first derivative: recorded or not, gradients agree")
  func firstDerivatives() {
    let random = Philox(seed: 36)
    let sources = [
      Tensor.normal([3, 6, 5, 2], random.split(.noise, 1)), .normal([4, 2, 3, 3], random.split(.noise, 2)),
      .normal([4], random.split(.noise, 3)), .normal([4], random.split(.noise, 4)),
    ]
    for tensor in sources { tensor.setRequiresGradient(true) }
    func output() -> Tensor {
      let map = convolution(sources[0], sources[1], stride: 2, padding: 1)
      let normalized = batchNormalization(map, scale: sources[2], shift: sources[3], relu: true).output
      // Many ties between zeros: the first of them must win in both forms.
      return maxPooling(normalized, size: 3, stride: 1, padding: 1)
    }
    let upstream = Tensor.normal(output().shape, random.split(.noise, 5))
    let fused = gradients(of: output(), with: sources, upstream: upstream)
    let recorded = gradients(of: output(), with: sources, upstream: upstream, recordsAgain: true)
    // That of the shift is a sum of the upstream: it depends on nothing.
    #expect(recorded.map(\.requiresGradient) == [true, true, true, false])
    for (a, b) in zip(fused, recorded) {
      #expect(!a.requiresGradient)
      expectClose(b.floats, a.floats, relative: 1e-5, absolute: 1e-5)
    }
  }
}
