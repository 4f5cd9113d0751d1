import NeuralNetworks
import Tensors
import Testing

@Suite("Initial weights")
struct InitialiserTests {
  private func moments(_ tensor: Tensor) -> (mean: Double, variance: Double, count: Double) {
    let values = tensor.floats.map(Double.init)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count, count)
  }

  /// Bounds are five deviations of mean and variance of n independent numbers.
  @Test(
    "of convolutions are normal with variance 2 / (outputs · kernel area)", arguments: [(64, 3), (256, 1), (16, 5)])
  func heNormal(outputs: Int, kernel: Int) {
    let found = moments(Initialiser(seed: 1).heNormalOutputs([outputs, 200, kernel, kernel]))
    let variance = 2 / Double(outputs * kernel * kernel)
    #expect(abs(found.mean) < 5 * (variance / found.count).squareRoot())
    #expect(abs(found.variance - variance) < 5 * variance * (2 / found.count).squareRoot())
    let layer = moments(Convolution2D(200, outputs, kernel: kernel, Initialiser(seed: 2)).weight.tensor)
    #expect(abs(layer.variance - variance) < 5 * variance * (2 / layer.count).squareRoot())
  }

  @Test("of linear layers are uniform in ±1/√inputs, biases too", arguments: [16, 100, 513])
  func uniform(inputs: Int) {
    let layer = Linear(inputs, 400, Initialiser(seed: 3))
    let bound = 1 / Double(inputs).squareRoot()
    for tensor in [layer.weight.tensor, layer.bias?.tensor ?? .zeros([1])] {
      let found = moments(tensor)
      let variance = bound * bound / 3
      #expect(tensor.floats.allSatisfy { abs(Double($0)) <= bound * 1.000_001 })
      #expect(abs(found.mean) < 5 * (variance / found.count).squareRoot())
      // The square of a uniform number has 4/5 of its squared mean as variance.
      #expect(abs(found.variance - variance) < 5 * variance * (0.8 / found.count).squareRoot())
    }
  }

  @Test("have the given deviation, and differ from tensor to tensor and from seed to seed")
  func seeds() {
    let found = moments(Initialiser(seed: 4).normal([100_000], deviation: 0.01))
    #expect(abs(found.variance - 1e-4) < 5 * 1e-4 * (2 / found.count).squareRoot())
    let first = Initialiser(seed: 5)
    let tensors = [first.normal([64], deviation: 1), first.normal([64], deviation: 1)]
    #expect(tensors[0].floats != tensors[1].floats)
    #expect(Initialiser(seed: 5).normal([64], deviation: 1).floats == tensors[0].floats)
    #expect(Initialiser(seed: 6).normal([64], deviation: 1).floats != tensors[0].floats)
  }

  @Test("of biases of convolutions and of shifts are zero, of scales one")
  func constants() throws {
    let convolution = Convolution2D(3, 4, kernel: 3, bias: true, Initialiser(seed: 7))
    #expect(try #require(convolution.bias).tensor.floats == [0, 0, 0, 0])
    let layer = BatchNormalization2D(2)
    #expect(layer.scale.tensor.floats == [1, 1] && layer.shift.tensor.floats == [0, 0])
    #expect(layer.mean.tensor.floats == [0, 0] && layer.variance.tensor.floats == [1, 1])
  }
}
