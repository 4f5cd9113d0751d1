import Datasets
import Foundation
import Models
import NeuralNetworks
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite("An evaluation")
struct EvaluationTests {
  private let data = TinyData.splits

  @Test("does not depend on the batch size", arguments: ["cnn2", "resnet8"])
  func batchSize(_ model: String) throws {
    Threads.use(1)
    let network = try ModelCatalog.build(ModelSpecification(model, classes: 10, height: 16, width: 16), seed: 1)
    let whole = Evaluation.of(network, on: data.development, data.normalization)
    #expect(whole.accuracy > 0 && whole.accuracy < 1)
    let logits = Logits.of(network, on: data.development, data.normalization).floats
    for batch in [1, 7, 59, 60, 64] {
      let part = Evaluation.of(network, on: data.development, data.normalization, batch: batch)
      #expect(part.accuracy == whole.accuracy)
      #expect(abs(part.loss - whole.loss) < 1e-5 * whole.loss)
      // Other kernels may serve other batch sizes: sums of some hundred products, single precision.
      expectClose(
        Logits.of(network, on: data.development, data.normalization, batch: batch).floats, logits, relative: 1e-4,
        absolute: 1e-5)
    }
  }

  @Test("leaves weights, running statistics and trainability as they were")
  func unchanged() throws {
    let network = try ModelCatalog.build(ModelSpecification("resnet8", classes: 10, height: 16, width: 16), seed: 1)
    let before = network.namedParameters.map(\.parameter.tensor.floats)
    let logits = Logits.of(network, on: data.test, data.normalization)
    #expect(!logits.requiresGradient && logits.shape == [20, 10])
    _ = Evaluation.of(network, on: data.test, data.normalization)
    #expect(network.namedParameters.map(\.parameter.tensor.floats) == before)
    #expect(network.trainableParameters.allSatisfy { $0.tensor.requiresGradient })
  }

  @Test("counts right answers, the first class on ties, and the mean cross-entropy")
  func known() {
    let logits = Tensor([0, 0, 5, 0, -5, 0, 1, 0], shape: [4, 2])
    let result = Evaluation(logits: logits, labels: [0, 1, 1, 1])
    #expect(result.accuracy == 0.5)
    let losses = [2, 1 + Foundation.exp(5.0), 1 + Foundation.exp(-5.0), 1 + Foundation.exp(1.0)].map {
      (value: Double) in Foundation.log(value)
    }
    #expect(abs(result.loss - losses.reduce(0, +) / 4) < 1e-6)
  }
}
