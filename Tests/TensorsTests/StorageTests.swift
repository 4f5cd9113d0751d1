import Tensors
import TestSupport
import Testing

/// Counts are those of the whole process, so each test runs in one of its own.
@Suite("The storage pool")
struct StorageTests {
  @Test("a steady training step asks the system for nothing")
  func steadyStep() async {
    await #expect(processExitsWith: .success) {
      let step = SmallStep()
      for _ in 0..<3 { step.run() }
      let (requests, bytes) = (StoragePool.systemRequests, StoragePool.bytesInUse)
      var handedOut = StoragePool.bytesHandedOut
      step.run()
      let inStep = StoragePool.bytesHandedOut - handedOut
      for _ in 0..<5 {
        handedOut = StoragePool.bytesHandedOut
        step.run()
        #expect(StoragePool.bytesHandedOut - handedOut == inStep)
        #expect(StoragePool.systemRequests == requests)
        #expect(StoragePool.bytesInUse == bytes)
      }
      handedOut = StoragePool.bytesHandedOut
      for _ in 0..<3 { _ = Tensor.zeros([4, 1024]) }
      #expect(StoragePool.bytesHandedOut - handedOut == 3 * 4 * 4096)
      // A larger batch needs new blocks, so the count can grow.
      SmallStep(batch: 40).run()
      #expect(StoragePool.systemRequests > requests)
      let taken = StoragePool.bytesFromSystem
      StoragePool.trim()
      #expect(StoragePool.bytesFromSystem < taken)
      step.run()
      withExtendedLifetime(step) {}
    }
  }

  @Test("a frozen network keeps no feature map, a recorded one does until its tape is used")
  func keptMaps() async {
    await #expect(processExitsWith: .success) {
      let weight = Tensor.normal([16, 16, 3, 3], Philox(seed: 1)) * 0.1
      let bias = Tensor.zeros([16])
      let input = Tensor.normal([4, 16, 16, 16], Philox(seed: 2))
      func network() -> Tensor {
        (0..<6).reduce(input) { x, _ in convolution(x, weight, bias: bias, padding: 1).relu() }
      }
      _ = network()
      let before = StoragePool.bytesInUse
      let frozen = network()
      #expect(StoragePool.bytesInUse - before == frozen.count * 4)
      weight.setRequiresGradient(true)
      let unrecorded = withoutRecording { network() }
      #expect(StoragePool.bytesInUse - before == 2 * frozen.count * 4)
      // Of each of six layers the convolution's input and the ReLU's output, which is the next layer's input; the
      // convolution's own output is let go.
      let recorded = network()
      #expect(StoragePool.bytesInUse - before == (2 + 6) * frozen.count * 4)
      _ = gradients(of: recorded, with: [weight], upstream: .ones(recorded.shape))
      #expect(StoragePool.bytesInUse - before <= 3 * frozen.count * 4 + weight.count * 4 * 4)
      withExtendedLifetime((frozen, unrecorded, recorded)) {}
    }
  }
}

/// Forward, backward and update of a network with every kind of layer.
struct SmallStep {
  private let input: Tensor
  private let labels: [Int]
  let weights: [Tensor]

  init(batch: Int = 24) {
    let random = Philox(seed: 3)
    input = .normal([batch, 16, 16, 3], random.split(.noise, 0))
    labels = (0..<batch).map { $0 % 10 }
    weights = [
      .normal([32, 3, 3, 3], random.split(.noise, 1)) * 0.2, .ones([32]), .zeros([32]),
      .normal([64, 32, 3, 3], random.split(.noise, 2)) * 0.1, .ones([64]), .zeros([64]),
      .normal([64, 64, 3, 3], random.split(.noise, 3)) * 0.1, .normal([10, 64], random.split(.noise, 4)) * 0.1,
      .zeros([10]),
    ]
    for weight in weights { weight.setRequiresGradient(true) }
  }

  func loss() -> Tensor {
    let w = weights
    var x = batchNormalization(convolution(input, w[0], padding: 1), scale: w[1], shift: w[2], relu: true).output
    x = batchNormalization(convolution(x, w[3], stride: 2, padding: 1), scale: w[4], shift: w[5], relu: true).output
    x = convolution(x, w[6], padding: 1).addedRelu(x)
    x = maxPooling(x, size: 2).dropout(rate: 0.2, random: Philox(seed: 6))
    return -linear(globalAveragePooling(x), w[7], bias: w[8]).logSoftmax().picked(labels).mean()
  }

  /// The loss before the step.
  @discardableResult
  func run() -> Float {
    let loss = loss()
    for (weight, gradient) in zip(weights, gradients(of: loss, with: weights)) {
      gradient.withFloats { g in
        weight.mutate { w in for i in w.indices { w[i] -= 0.05 * g[i] } }
      }
    }
    return loss.item
  }
}
