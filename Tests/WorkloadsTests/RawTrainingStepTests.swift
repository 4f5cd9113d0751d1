import Testing
import Workloads

@Suite("The raw training step", .serialized)
struct RawTrainingStepTests {
  @Test("trains: its losses on fixed data are those of PyTorch")
  func losses() {
    // PyTorch 2.13 on the same data and initial weights, SGD 0.01, momentum 0.9, decay 1e-4, batch 64. The first losses
    // agree to rounding; each step amplifies it about tenfold.
    let expected: [(loss: Float, tolerance: Float)] = [
      (2.3804607, 1e-5), (2.3548756, 1e-5), (2.3123806, 5e-5), (2.2622232, 2e-4), (2.2115226, 1e-3),
    ]
    let step = RawTrainingStep()
    for (index, value) in expected.enumerated() {
      step.step()
      let loss = step.loss
      #expect(abs(loss - value.loss) < value.tolerance, "step \(index + 1): \(loss) and \(value.loss)")
    }
  }

  @Test("gives the same losses by Winograd as by direct convolution", arguments: [1, 17, 64])
  func winograd(batch: Int) {
    let direct = RawTrainingStep(batch: batch)
    let winograd = RawTrainingStep(batch: batch, winograd: true)
    for index in 1...3 {
      direct.step()
      winograd.step()
      let (left, right) = (direct.loss, winograd.loss)
      #expect(left.isFinite && abs(left - right) < 1e-3 * max(1, left), "step \(index): \(left) and \(right)")
    }
  }

  @Test("has a profile whose parts are those of a step")
  func profile() {
    let parts = RawTrainingStep(batch: 2).profile()
    #expect(parts.count == 10)
    #expect(parts.filter { $0.part != "reorder activations" }.allSatisfy { $0.milliseconds > 0 })
  }
}
