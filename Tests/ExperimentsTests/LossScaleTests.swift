import Checkpoints
import Experiments
import Foundation
import TestSupport
import Testing

/// Losses that divide what they are given by its length or its largest value: of inputs that are so many times smaller or
/// larger the value of PyTorch in float64 stays, and its gradient is so many times larger or smaller.
@Suite("A loss that does not depend on the scale of its inputs")
struct LossScaleTests {
  /// Of each method the cases and the tensors whose scale does not matter.
  private static let scaled: [String: @Sendable (String) -> Bool] = {
    let features: @Sendable (String) -> Bool = { $0.contains(".features.") }
    let embeddings: @Sendable (String) -> Bool = { $0.hasSuffix(".embedding") }
    let slopes: @Sendable (String) -> Bool = { $0.hasSuffix(".input_gradients") }
    return [
      "attention-transfer": features, "nst": features, "similarity-preserving": features, "ickd": features,
      "kdsvd": features, "factor-transfer": { $0.hasSuffix(".factors") }, "sobolev": slopes,
      "lwm": { $0.contains(".features.") || $0.contains(".feature_gradients.") },
      "jacobian-matching": { features($0) || slopes($0) }, "sskd": { $0.hasSuffix(".projection") },
      "crd": { $0.hasPrefix("parameters.embed.") }, "correlation-congruence": embeddings, "rkd": embeddings,
      "irg": { features($0) || embeddings($0) },
    ]
  }()

  /// Whether a case asks for something whose scale matters: constants of other codes, floors of distances, trained parts
  /// with a normalisation, images too few to compare.
  private static func depends(_ golden: GoldenCase, _ inputs: [String]) throws -> Bool {
    let options = try golden.texts("options")
    let isOther = options.contains { ["variant=aberhu", "variant=bilinear", "variant=repdistiller"].contains($0) }
    let isRKDWithDistances = golden.operation == "rkd" && !options.contains("distance-weight=0")
    let hasParts = golden.operation != "crd" && inputs.contains { $0.hasPrefix("parameters.") }
    return isOther || isRKDWithDistances || hasParts
  }

  static let cases = LossGoldenTests.cases.filter { golden in
    guard scaled[golden.operation] != nil, let isFree = try? golden.flag("finite-only"), !isFree,
      let depends = try? depends(golden, golden.parts(after: "in/"))
    else { return false }
    return !depends
  }

  @Test("has PyTorch's value and gradient at any", .tags(.golden), arguments: cases, [-30, -45, -100, 60, 100])
  func scale(_ golden: GoldenCase, _ exponent: Int) throws {
    // A power of two: the scaled inputs hold the same digits.
    let factor = Float(sign: .plus, exponent: exponent, significand: 1)
    let isScaled = try #require(Self.scaled[golden.operation])
    let inputs = try golden.parts(after: "in/").map { name -> StoredTensor in
      let stored = try golden.stored("in/\(name)")
      guard isScaled(name) else {
        return StoredTensor(name: name, type: stored.type, shape: stored.shape, bytes: stored.bytes)
      }
      return StoredTensor(name: name, shape: stored.shape, floats: try stored.floats().map { $0 * factor })
    }
    let answer = try LossAnswer(
      golden.operation, Safetensors(tensors: inputs), path: "in.safetensors", assignments: golden.texts("options"))
    let loss = try golden.number("loss")
    #expect(abs(answer.loss - loss) <= 1e-4 * abs(loss) + 1e-6, "\(answer.loss) for \(loss)")
    for gradient in answer.gradients.tensors {
      let expected = try golden.stored("gradient/\(gradient.name)").doubles()
      let size = expected.reduce(0) { max($0, abs($1)) }
      let shrunk = isScaled(gradient.name) ? Double(factor) : 1
      // Where PyTorch's own is 0 but for rounding, nothing can be said of it.
      guard size > 1e-6 else { continue }
      let found = try gradient.floats().map { Double($0) * shrunk }
      expectClose(found.map { Float($0) }, expected, relative: 1e-4, absolute: 2e-4 * size, shape: gradient.shape)
    }
  }

  @Test("is one of those that are known")
  func known() { #expect(Set(Self.cases.map(\.operation)) == Set(Self.scaled.keys)) }
}
