import Checkpoints
import Distillation
import Experiments
import Foundation
import TestSupport
import Testing

/// Every loss of tensors against PyTorch in float64, through the same door as `kdscope loss`.
@Suite("A distillation loss")
struct LossGoldenTests {
  static let families = [
    "losses-response", "losses-feature", "losses-relation", "losses-stages", "losses-layers", "losses-gradients",
    "losses-schemes",
  ]
  static let cases = families.flatMap { (try? Golden.cases($0)) ?? [] }

  @Test("has the value, the terms and the gradients of PyTorch in float64", .tags(.golden), arguments: cases)
  func golden(_ golden: GoldenCase) throws {
    let inputs = try golden.parts(after: "in/").map { name in
      let stored = try golden.stored("in/\(name)")
      return StoredTensor(name: name, type: stored.type, shape: stored.shape, bytes: stored.bytes)
    }
    let answer = try LossAnswer(
      golden.operation, Safetensors(tensors: inputs), path: "in.safetensors", assignments: golden.texts("options"))
    #expect(answer.loss.isFinite)
    for gradient in answer.gradients.tensors {
      #expect(try gradient.floats().allSatisfy(\.isFinite), "\(golden.name): gradient of \(gradient.name)")
    }
    guard try !golden.flag("finite-only") else { return }
    let loss = try golden.number("loss")
    // Single precision through sums of some hundred elements, and cancellation where student and teacher are near.
    let scale = try max(abs(loss), golden.numbers("values").reduce(0) { max($0, abs($1)) })
    #expect(abs(answer.loss - loss) <= 1e-4 * scale + 1e-6, "\(answer.loss) for \(loss)")
    let terms = try golden.texts("terms")
    if !terms.isEmpty {
      #expect(answer.terms.map(\.name) == terms)
      for (found, expected) in zip(answer.terms, try golden.numbers("values")) {
        #expect(abs(found.value - expected) <= 1e-4 * scale + 1e-6, "\(found.name): \(found.value) for \(expected)")
      }
    }
    #expect(Set(answer.gradients.tensors.map(\.name)) == Set(golden.parts(after: "gradient/")))
    for gradient in answer.gradients.tensors {
      let expected = try golden.stored("gradient/\(gradient.name)").doubles()
      let size = expected.reduce(0) { max($0, abs($1)) }
      try expectClose(
        gradient.floats(), expected, relative: 1e-4, absolute: 1e-4 * size + 2e-6, shape: gradient.shape)
    }
  }

  @Test("is held against PyTorch, whichever it is", arguments: LossAnswer.methods)
  func covered(_ method: String) {
    let kinds = Self.cases.filter { $0.operation == method }
    #expect(kinds.count >= 3, "\(method) has \(kinds.count) golden cases")
  }
}
